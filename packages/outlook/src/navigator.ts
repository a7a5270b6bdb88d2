// ATT&CK Navigator layers: which techniques an actor is known to use, and how often the history saw them.

import type { HistoryRecord } from './history/record.ts';
import type { NamedActor } from './imports/imported.ts';

export type NavigatorLayer = {
  readonly name: string;
  readonly versions: {
    readonly attack: string;
    readonly navigator: string;
    readonly layer: string;
  };
  readonly domain: string;
  readonly description: string;
  readonly techniques: readonly {
    readonly techniqueID: string;
    readonly score: number;
    readonly comment: string;
    readonly enabled: boolean;
  }[];
  readonly gradient: {
    readonly colors: readonly string[];
    readonly minValue: number;
    readonly maxValue: number;
  };
  readonly legendItems: readonly { readonly label: string; readonly color: string }[];
};

const same = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();

/** A layer (format 4.5) for an actor by any of its names. The score is 1 for "known to use" plus 1 for each incident with it. */
export function navigatorLayer(
  name: string,
  actors: readonly NamedActor[],
  history: readonly HistoryRecord[],
): NavigatorLayer | undefined {
  const found = actors.filter((actor) =>
    [actor.name, ...actor.aliases].some((alias) => same(alias, name)),
  );
  const names = [name, ...found.flatMap((actor) => [actor.name, ...actor.aliases])];
  const scores = new Map<string, { score: number; sources: Set<string> }>();
  const add = (technique: string, source: string): void => {
    const entry = scores.get(technique) ?? { score: 0, sources: new Set<string>() };
    entry.score++;
    entry.sources.add(source);
    scores.set(technique, entry);
  };
  for (const actor of found) for (const technique of actor.techniques) add(technique, actor.source);
  for (const record of history) {
    if (
      record.type !== 'incident' ||
      !record.initiators.some(
        (one) => one.actor !== null && names.some((alias) => same(alias, one.actor ?? '')),
      )
    )
      continue;
    for (const technique of record.techniques) add(technique, record.title);
  }
  if (scores.size === 0 && found.length === 0) return undefined;
  const techniques = [...scores]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([techniqueID, { score, sources }]) => ({
      techniqueID,
      score,
      comment: [...sources].slice(0, 5).join('; ').slice(0, 500),
      enabled: true,
    }));
  return {
    name: `${name} (Parley outlook)`,
    versions: { attack: '18', navigator: '5.2.0', layer: '4.5' },
    domain: 'enterprise-attack',
    description: `Techniques of ${found.map((actor) => actor.name).join(', ') || name}. Known use is no forecast of use.`,
    techniques,
    gradient: {
      colors: ['#ffffff', '#1f5fbf'],
      minValue: 0,
      maxValue: Math.max(1, ...techniques.map(({ score }) => score)),
    },
    legendItems: [],
  };
}
