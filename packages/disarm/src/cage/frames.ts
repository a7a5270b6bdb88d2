// The pipe's reading end: cuts frames out of a byte stream with bounded memory. It knows no content.

import { refuse, accept, type Verdict } from '@parley/kernel';

import { FRAME, FRAME_HEAD_BYTES, MAGIC } from '../list/frame.ts';

export type Frame = { readonly type: number; readonly payload: Uint8Array };

const KNOWN: ReadonlySet<number> = new Set(Object.values(FRAME));

/** Collects chunks and gives whole frames. After a refusal it takes nothing more. */
export class FrameReader {
  readonly #frameMaxBytes: number;
  #chunks: Uint8Array[] = [];
  #held = 0;
  #started = false;

  constructor(frameMaxBytes: number) {
    this.#frameMaxBytes = frameMaxBytes;
  }

  /** Bytes of a frame that has begun and not ended. */
  get held(): number {
    return this.#held;
  }

  push(chunk: Uint8Array): Verdict<Frame[], 'not-a-list' | 'frame-too-large' | 'unknown-frame'> {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    const frames: Frame[] = [];
    for (;;) {
      if (!this.#started) {
        if (this.#held < MAGIC.length) break;
        const magic = Buffer.from(this.#take(MAGIC.length)).toString('latin1');
        if (magic !== MAGIC) return refuse('not-a-list');
        this.#started = true;
      }
      if (this.#held < FRAME_HEAD_BYTES) break;
      const head = this.#peek(FRAME_HEAD_BYTES);
      const type = head[0] ?? 0;
      const length = new DataView(head.buffer, head.byteOffset).getUint32(1, true);
      if (!KNOWN.has(type)) return refuse('unknown-frame', { detail: String(type) });
      if (length > this.#frameMaxBytes)
        return refuse('frame-too-large', { detail: String(length) });
      if (this.#held < FRAME_HEAD_BYTES + length) break;
      this.#take(FRAME_HEAD_BYTES);
      frames.push({ type, payload: this.#take(length) });
    }
    return accept(frames);
  }

  #peek(count: number): Uint8Array {
    const [first] = this.#chunks;
    if (first === undefined || first.length < count) this.#join();
    return (this.#chunks[0] ?? new Uint8Array(0)).subarray(0, count);
  }

  #take(count: number): Uint8Array {
    const [first] = this.#chunks;
    if (first === undefined || first.length < count) this.#join();
    const whole = this.#chunks[0] ?? new Uint8Array(0);
    this.#chunks[0] = whole.subarray(count);
    this.#held -= count;
    return whole.subarray(0, count);
  }

  #join(): void {
    const joined = new Uint8Array(this.#held);
    let at = 0;
    for (const chunk of this.#chunks) {
      joined.set(chunk, at);
      at += chunk.length;
    }
    this.#chunks = [joined];
  }
}
