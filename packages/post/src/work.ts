// Proof of work for callers without a capability, asked for only while the relay is under load. SHA-256: whoever has
// special hardware pays less than we would like; it slows a flood down, it does not stop an enemy with means.

import { concat, utf8, type Crypto, type Ports } from '@parley/kernel';

/** How long one proof counts, by the relay's clock. */
export const WORK_WINDOW_MS = 5 * 60 * 1000;
/** More than this is not worth anyone's electricity: some minutes of one core. */
export const WORK_MAX_BITS = 26;
const NONCE_BYTES = 16;
const SLICE = 4096;

export type WorkTask = {
  readonly method: string;
  readonly target: string;
  readonly nowMs: number;
};

function challenge(crypto: Crypto, task: WorkTask): Uint8Array {
  const window = Math.floor(task.nowMs / WORK_WINDOW_MS);
  return crypto.hash('sha256', utf8(`parley/v1/work\0${task.method}\n${task.target}\n${window}\n`));
}

function zeroBits(hash: Uint8Array): number {
  let bits = 0;
  for (const byte of hash) {
    if (byte === 0) bits += 8;
    else return bits + Math.clz32(byte) - 24;
  }
  return bits;
}

/** True if the nonce does this much work for this kind of request, in the present or the last window. Spending it twice is the caller's to prevent. */
export function checkWork(
  crypto: Crypto,
  task: WorkTask,
  shown: { nonce: Uint8Array; bits: number },
): boolean {
  if (shown.nonce.length !== NONCE_BYTES) return false;
  return [task.nowMs, task.nowMs - WORK_WINDOW_MS].some(
    (nowMs) =>
      zeroBits(crypto.hash('sha256', concat(challenge(crypto, { ...task, nowMs }), shown.nonce))) >=
      shown.bits,
  );
}

/** Finds a nonce, leaving the event loop free in between; undefined where the relay asks for more than is sane. */
export async function proveWork(
  ports: Pick<Ports, 'crypto' | 'randomness'>,
  task: WorkTask & { bits: number },
): Promise<Uint8Array | undefined> {
  if (task.bits > WORK_MAX_BITS) return undefined;
  const head = challenge(ports.crypto, task);
  const attempt = concat(head, ports.randomness.bytes(NONCE_BYTES));
  const counter = new DataView(attempt.buffer, attempt.length - 4);
  for (let tried = 0; ; tried++) {
    counter.setUint32(0, tried);
    if (zeroBits(ports.crypto.hash('sha256', attempt)) >= task.bits)
      return attempt.slice(head.length);
    if (tried % SLICE === SLICE - 1) await new Promise((settle) => setImmediate(settle));
  }
}
