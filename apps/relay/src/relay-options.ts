// What one relay process is started with, and what it is once it runs.

import type { Ports } from '@parley/kernel';
import type { Store } from '@parley/post';
import type { DestinationStream } from 'pino';
import type { JournalLevel } from './journal.ts';
import type { RelayLimits } from './limits.ts';
import type { TlsFiles } from './listen.ts';
import type { Collect } from './routes-restoring.ts';

export type RelayOptions = {
  /** Holds relay.key, relay.db and blobs/; made if absent. */
  readonly dataDir: string;
  /** `HOST:PORT`; port 0 takes a free one. */
  readonly listen: string;
  /** Gets `{url, relayKey, pid}` as JSON when the relay answers; written whole or not at all. */
  readonly readyFile?: string;
  /** A file whose trimmed text must be shown to make a log. Without it everyone may, within the rates. */
  readonly createTokenFile?: string;
  readonly limits?: Partial<RelayLimits>;
  readonly journal?: { level?: JournalLevel; to?: DestinationStream };
  /** `[NAME:GENERATION=]postgres://user@host1,host2/name`, one or several; none is SQLite in the data directory. */
  readonly stores?: readonly string[];
  /** A store that is open already; closed with the relay. */
  readonly store?: Store;
  /** The key that signs receipts, where several machines are one relay; `relay.key` in the data directory otherwise. */
  readonly keyFile?: string;
  readonly tls?: TlsFiles;
  /** Addresses of proxies whose X-Forwarded-For is believed. */
  readonly trustProxy?: readonly string[];
  /** Where /healthz, /readyz and /metrics answer. */
  readonly adminListen?: string;
  /** Where a process of its own serves callers without a capability. Without it this one does. */
  readonly strangersListen?: string;
  /** What clients are told instead of the address above, behind a proxy. */
  readonly strangersUrl?: string;
  readonly doors?: 'all' | 'members' | 'strangers';
  /** Set while members bring back what was lost: the relay then takes nothing else. */
  readonly collect?: Collect;
  readonly ports?: Ports;
};

export type RunningRelay = {
  /** `http(s)://host:port` */
  readonly url: string;
  readonly adminUrl: string | null;
  readonly strangersUrl: string | null;
  /** The process for strangers that serves now, for whoever watches over it. */
  strangersPid(): number | null;
  /** The Ed25519 public key under which receipts verify: what an invitation names. */
  readonly relayKey: Uint8Array;
  /** Reads the certificate files again; connections that are open keep the old one. */
  reloadTls(): Promise<void>;
  /** Takes no more, finishes what has begun, closes the store. */
  close(): Promise<void>;
};
