// What one relay allows, and to whom. Sizes on the wire are in @parley/post; these are the operator's to change.

import { CHUNK_BYTES } from '@parley/post';

export type RelayLimits = {
  /** Requests a second, and at once, by one capability. */
  readonly capabilityPerSecond: number;
  readonly capabilityBurst: number;
  /** Requests without a capability a second, and at once, by one address prefix (/24 or /48), and by all together. */
  readonly strangerPerSecond: number;
  readonly strangerBurst: number;
  readonly strangersPerSecond: number;
  readonly strangersBurst: number;
  /** Questions who the relay is, a second and at once, by one prefix. */
  readonly askerPerSecond: number;
  readonly askerBurst: number;
  /** Calls of strangers a second, served or not, from which on they must prove work. */
  readonly workFromPerSecond: number;
  /** Refusals at the door a second, and at once, after which a prefix is shut out for ten seconds. */
  readonly refusalsPerSecond: number;
  readonly refusalsBurst: number;
  /** Open connections by one address prefix, and in all. */
  readonly connectionsPerPrefix: number;
  readonly connections: number;
  /** Logs on this relay, sealed bytes of one log's blobs, and bytes of requests being read at one moment. */
  readonly logs: number;
  readonly blobQuotaBytes: number;
  /** How long a log that holds nothing is kept. */
  readonly unusedLogMs: number;
  readonly bodiesInFlightBytes: number;
  /** Readers waiting for an envelope at one moment, rung or polling. */
  readonly waiting: number;
  readonly headersTimeoutMs: number;
  /** For each MiB of a request, or part of one: a chunk within it needs 70 kbit/s. */
  readonly requestTimeoutMs: number;
  /** How long a stopping relay waits for requests that have begun. */
  readonly drainMs: number;
};

export const DEFAULT_LIMITS: RelayLimits = {
  capabilityPerSecond: 500,
  capabilityBurst: 2000,
  strangerPerSecond: 2,
  strangerBurst: 200,
  strangersPerSecond: 50,
  strangersBurst: 1000,
  askerPerSecond: 20,
  askerBurst: 500,
  workFromPerSecond: 100,
  refusalsPerSecond: 1,
  refusalsBurst: 20,
  connectionsPerPrefix: 2000,
  connections: 30_000,
  logs: 1_000_000,
  blobQuotaBytes: 16 * 1024 * CHUNK_BYTES,
  unusedLogMs: 7 * 24 * 60 * 60 * 1000,
  bodiesInFlightBytes: 128 * CHUNK_BYTES,
  waiting: 30_000,
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 120_000,
  drainMs: 10_000,
};
