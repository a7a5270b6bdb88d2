import { describe, expect, it } from 'vitest';

import { Attention } from './attention.ts';

function engine() {
  const told: number[][] = [];
  const files = { read: (...all: readonly unknown[]): unknown => all.length };
  const exports = {
    pthread_self: () => 77,
    _emscripten_thread_init: (...all: number[]) => void told.push(all),
  };
  let now = 0;
  let naps = 0;
  const env: { emscripten_get_now: () => number } = { emscripten_get_now: () => now };
  const attention = new Attention(() => naps++);
  attention.hear({ env });
  const attend = attention.of(files, { exports });
  /** The engine looks a thousand times, each a while after the last. */
  const look = (eachMs: number): number => {
    naps = 0;
    for (let i = 0; i < 1000; i++) {
      now += eachMs;
      env.emscripten_get_now();
    }
    return naps;
  };
  return { told, files, attend, look };
}

const readsOf = (files: { read: (...all: readonly unknown[]) => unknown }, times: number) => () => {
  for (let i = 0; i < times; i++) files.read('stream', i);
};

describe('how the main thread of the office engine waits', () => {
  it('looks without pause where much is read, and naps again when the call returns', () => {
    const { told, files, attend } = engine();
    attend(readsOf(files, 5000));
    expect(told.map(([self, , , mayNap]) => [self, mayNap])).toEqual([
      [77, 0],
      [77, 1],
    ]);
    expect(() =>
      attend(() => {
        readsOf(files, 5000)();
        throw new Error('broken');
      }),
    ).toThrow('broken');
    expect(told).toHaveLength(4);
  });

  it('naps where little is read, and counts no reads outside of a call', () => {
    const { told, files, attend } = engine();
    expect(attend(() => files.read(1, 2, 3))).toBe(3);
    attend(readsOf(files, 150));
    attend(readsOf(files, 150));
    readsOf(files, 5000)();
    expect(told).toEqual([]);
  });

  it('naps between its looks where nothing is read any more, until something is', () => {
    const { files, attend, look } = engine();
    attend(() => {
      expect(look(10)).toBe(0);
      readsOf(files, 5000)();
      expect(look(1)).toBe(0);
      expect(look(10)).toBeGreaterThan(850);
      readsOf(files, 1)();
      expect(look(1)).toBe(0);
    });
    expect(look(10)).toBe(0);
  });

  it('lets an engine without these calls be as it is', () => {
    const files = { read: (): unknown => 1 };
    const attention = new Attention();
    attention.hear({});
    const attend = attention.of(files, { exports: {} });
    expect(() => attend(readsOf(files, 5000))).not.toThrow();
  });
});
