// Who gets in: decided from the headers alone, before a byte of a body is read.

import nodeCrypto from 'node:crypto';
import { fromBase64Url, type Clock, type Crypto } from '@parley/kernel';
import {
  AUTHORISATION_MAX_MS,
  WORK_WINDOW_MS,
  checkWork,
  idFromPath,
  logId,
  provesCapability,
  readAuthorisation,
  type HeldGrant,
  type LogId,
  type Rights,
  type Store,
} from '@parley/post';
import { Buckets } from './buckets.ts';
import { Denial } from './denial.ts';
import type { RelayLimits } from './limits.ts';
import { WorkGauge } from './work-gauge.ts';

export type Asking = {
  readonly method: string;
  /** The path and query as they came. */
  readonly target: string;
  readonly header: (name: string) => string | undefined;
  /** The caller's address prefix. */
  readonly from: string;
};

const RANK: Record<HeldGrant['rights'], number> = { awaited: -1, reader: 0, member: 1, owner: 2 };
const SPENT_MAX = 200_000;

/** What the authorisation covers: the path from `/v1/` on, so that a proxy may put something before it. */
function signedTarget(target: string): string {
  const start = target.indexOf('/v1/');
  return start < 0 ? target : target.slice(start);
}

export class Admission {
  readonly #store: Store;
  readonly #crypto: Crypto;
  readonly #clock: Clock;
  readonly #createToken: Uint8Array | undefined;
  readonly #members: Buckets;
  readonly #strangers: Buckets;
  readonly #allStrangers: Buckets;
  readonly #askers: Buckets;
  readonly #spent = new Map<string, number>();
  readonly #work: WorkGauge;

  constructor(world: {
    store: Store;
    crypto: Crypto;
    clock: Clock;
    limits: RelayLimits;
    createToken?: Uint8Array;
  }) {
    this.#store = world.store;
    this.#crypto = world.crypto;
    this.#clock = world.clock;
    this.#createToken = world.createToken;
    const { limits } = world;
    this.#members = new Buckets(limits.capabilityPerSecond, limits.capabilityBurst);
    this.#strangers = new Buckets(limits.strangerPerSecond, limits.strangerBurst);
    this.#allStrangers = new Buckets(limits.strangersPerSecond, limits.strangersBurst);
    this.#askers = new Buckets(limits.askerPerSecond, limits.askerBurst);
    this.#work = new WorkGauge(limits.workFromPerSecond);
  }

  /** Zero bits now asked of strangers: 0 in quiet times. */
  get workBits(): number {
    return this.#work.bits;
  }

  close(): void {
    this.#work.close();
  }

  /** Lets the holder of a capability with these rights in, or throws a denial. */
  async member(
    asking: Asking,
    named: string,
    needed: Rights,
  ): Promise<{ log: LogId; grant: HeldGrant }> {
    const id = idFromPath(named);
    if (id === undefined) throw new Denial('malformed', 'the log id is not 32 bytes of base64url');
    const log = logId(id);
    const shown = readAuthorisation(asking.header('authorization') ?? '');
    if (!shown.ok)
      throw new Denial('forbidden', 'an authorization header of the form Parley ... is needed');
    const nowMs = this.#clock.nowMs();
    const grant = await this.#store.grantOf(log, shown.value.id);
    const asked = { method: asking.method, target: signedTarget(asking.target) };
    if (grant === undefined || !provesCapability(this.#crypto, grant.key, asked, shown.value)) {
      if (grant === undefined && !(await this.#store.head(log)).ok)
        throw new Denial('no-such-log', 'this relay has no such log');
      throw new Denial(
        'forbidden',
        'the capability is not known here, or the proof does not fit the request',
      );
    }
    if (shown.value.expiresMs <= nowMs || shown.value.expiresMs > nowMs + AUTHORISATION_MAX_MS)
      throw new Denial(
        'clock',
        'the authorization has expired or expires too late by the clock of this relay',
      );
    if (RANK[grant.rights] < RANK[needed])
      throw new Denial('forbidden', `this needs the rights of ${needed}`);
    const waitMs = this.#members.take(Buffer.from(grant.id).toString('latin1'), nowMs);
    if (waitMs > 0)
      throw new Denial('busy', 'too many requests by this capability', { retryAfterMs: waitMs });
    return { log, grant };
  }

  /** Lets a caller without capability go on, if the address, all strangers together, and the work allow it. */
  stranger(asking: Asking): void {
    const nowMs = this.#clock.nowMs();
    this.#work.called();
    if (this.workBits > 0) this.#demandWork(asking, nowMs);
    const waitMs = Math.max(
      this.#strangers.take(asking.from, nowMs),
      this.#allStrangers.take('', nowMs),
    );
    if (waitMs > 0)
      throw new Denial('busy', 'too many requests without a capability', {
        retryAfterMs: Math.min(waitMs, 3_600_000),
      });
  }

  /** Lets a caller ask who the relay is: it costs a signature, so not without end. */
  asker(asking: Asking): void {
    const waitMs = this.#askers.take(asking.from, this.#clock.nowMs());
    if (waitMs > 0)
      throw new Denial('busy', 'too many questions from there', { retryAfterMs: waitMs });
  }

  /** Who may make a log: everyone, or the holders of the operator's token. */
  founder(asking: Asking): void {
    if (this.#createToken === undefined) return;
    const [, shown = ''] =
      /^ParleyCreate (\S{1,200})$/.exec(asking.header('authorization') ?? '') ?? [];
    const digest = (text: Uint8Array | string): Buffer =>
      nodeCrypto.createHash('sha256').update(text).digest();
    if (!nodeCrypto.timingSafeEqual(digest(shown), digest(this.#createToken)))
      throw new Denial(
        'forbidden',
        'this relay makes logs only for those whom its operator gave a token',
      );
  }

  #demandWork(asking: Asking, nowMs: number): void {
    const bits = this.workBits;
    const shown = fromBase64Url(asking.header('parley-work') ?? '');
    const task = { method: asking.method, target: signedTarget(asking.target), nowMs };
    const demand = new Denial(
      'work-required',
      `a proof of work of ${bits} bits is needed for now`,
      { workBits: bits },
    );
    if (!shown.ok || !checkWork(this.#crypto, task, { nonce: shown.value, bits })) throw demand;
    const name = Buffer.from(shown.value).toString('latin1');
    if (this.#spent.has(name)) throw demand;
    for (const [spent, untilMs] of this.#spent) {
      if (untilMs > nowMs && this.#spent.size < SPENT_MAX) break;
      this.#spent.delete(spent);
    }
    this.#spent.set(name, nowMs + 2 * WORK_WINDOW_MS);
  }
}
