// Where the time of one kind of work goes: V8's own sampling profile, summed by function.

import { Session } from 'node:inspector/promises';
import { basename, dirname } from 'node:path';

/** The `most` functions that take most time themselves, with their share in percent. */
export async function hottest(
  work: () => Promise<unknown>,
  most: number,
): Promise<readonly { readonly what: string; readonly percent: number }[]> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 200 });
  await session.post('Profiler.start');
  await work();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  const names = new Map(
    profile.nodes.map(({ id, callFrame: { functionName, url } }) => {
      const file = url === '' ? '' : ` ${basename(dirname(url))}/${basename(url)}`;
      return [id, `${functionName === '' ? '(anonymous)' : functionName}${file}`];
    }),
  );
  const spent = new Map<string, number>();
  let all = 0;
  for (const [i, id] of (profile.samples ?? []).entries()) {
    const us = profile.timeDeltas?.[i] ?? 0;
    const what = names.get(id) ?? '';
    // The last is the profiler's own start and stop.
    if (what === '(idle)' || what === '(program)' || what.startsWith('post ')) continue;
    all += us;
    spent.set(what, (spent.get(what) ?? 0) + us);
  }
  return [...spent]
    .toSorted((a, b) => b[1] - a[1])
    .slice(0, most)
    .map(([what, us]) => ({ what, percent: (100 * us) / all }));
}
