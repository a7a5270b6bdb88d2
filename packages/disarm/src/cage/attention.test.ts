import { describe, expect, it } from 'vitest';

import { attentive } from './attention.ts';

function engine() {
  const told: number[][] = [];
  const files = { read: (...all: readonly unknown[]): unknown => all.length };
  const exports = {
    pthread_self: () => 77,
    _emscripten_thread_init: (...all: number[]) => void told.push(all),
  };
  return { told, files, attend: attentive(files, { exports }) };
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

  it('lets an engine without these calls be as it is', () => {
    const files = { read: (): unknown => 1 };
    const attend = attentive(files, { exports: {} });
    expect(() => attend(readsOf(files, 5000))).not.toThrow();
  });
});
