// What every part of the page shares: the link to the client, what has changed, and asking with a wait and a refusal.

import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useRef,
  useState,
  type ReactNode,
} from 'react';
import type { News, Readings, Refusal } from '../server/wire.ts';
import { Refused, type DeskLink } from './desk-link.ts';

export type DeskState = {
  readonly link: DeskLink;
  /** Counts up whenever something may have changed. */
  readonly version: number;
  readonly up: boolean;
  /** The client runs anew and does not know this window: it needs a new link. */
  readonly strange: boolean;
  /** The last word of long work, by channel. */
  readonly progress: Readonly<Record<string, string>>;
};

const DeskContext = createContext<DeskState | null>(null);
/** Apart from the rest, which changes with all news: what only acts is not drawn anew for it. */
const LinkContext = createContext<DeskLink | null>(null);

export function useDesk(): DeskState {
  const state = useContext(DeskContext);
  if (state === null) throw new Error('bug: no desk around this part of the page');
  return state;
}

function useLink(): DeskLink {
  const link = useContext(LinkContext);
  if (link === null) throw new Error('bug: no desk around this part of the page');
  return link;
}

export function AtDesk({ link, children }: { link: DeskLink; children: ReactNode }): ReactNode {
  const [version, setVersion] = useState(0);
  const [up, setUp] = useState(true);
  const [strange, setStrange] = useState(false);
  const [progress, setProgress] = useState<Record<string, string>>({});
  useEffect(() => {
    const onNews = (news: News): void => {
      if (news.kind === 'progress')
        setProgress((before) => ({ ...before, [news.channel]: news.text }));
      else setVersion((before) => before + 1);
    };
    return link.listen(onNews, (isUp) => {
      setUp(isUp);
      if (isUp) {
        setStrange(false);
        setVersion((before) => before + 1);
      } else {
        link
          .ask('door')
          .then(() => setStrange(false))
          .catch((error: unknown) => setStrange(refusalFrom(error).code === 'no-bearer'));
      }
    });
  }, [link]);
  return (
    <LinkContext value={link}>
      <DeskContext value={{ link, version, up, strange, progress }}>{children}</DeskContext>
    </LinkContext>
  );
}

function refusalFrom(error: unknown): Refusal {
  if (error instanceof Refused) return error.refusal;
  return { nature: 'bug', code: 'bug', message: String(error), next: null };
}

/** Asks now and after every change. What was answered stays while the next answer is on its way. */
export function useAnswer<A extends keyof Readings>(
  act: A,
  fields: object,
): { value: Readings[A] | undefined; refusal: Refusal | undefined } {
  const { link, version } = useDesk();
  const key = JSON.stringify(fields);
  const [answer, setAnswer] = useState<{ key: string; value?: Readings[A]; refusal?: Refusal }>();
  useEffect(() => {
    let current = true;
    link
      .ask<Readings[A]>(act, JSON.parse(key) as object)
      .then((value) => {
        if (current) setAnswer({ key, value });
      })
      .catch((error: unknown) => {
        if (current) setAnswer({ key, refusal: refusalFrom(error) });
      });
    return () => {
      current = false;
    };
  }, [link, act, key, version]);
  const mine = answer?.key === key ? answer : undefined;
  return { value: mine?.value, refusal: mine?.refusal };
}

export type Doing = {
  readonly busy: boolean;
  readonly refusal: Refusal | undefined;
  /** Runs one act at a time; its refusal is shown until the next. Answers whether it was done. */
  readonly run: (work: (link: DeskLink) => Promise<void>) => Promise<boolean>;
};

export function useDoing(): Doing {
  const link = useLink();
  const [busy, setBusy] = useState(false);
  const running = useRef(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const run = useCallback(
    async (work: (link: DeskLink) => Promise<void>): Promise<boolean> => {
      // A second press while the first is under way is the same wish.
      if (running.current) return false;
      running.current = true;
      setBusy(true);
      setRefusal(undefined);
      try {
        await work(link);
        return true;
      } catch (error) {
        setRefusal(refusalFrom(error));
        return false;
      } finally {
        running.current = false;
        setBusy(false);
      }
    },
    [link],
  );
  return { busy, refusal, run };
}

/** How much of a document has come or gone, `3 / 12`: what is counted needs no words. */
export function useCounted(channel: string): string | undefined {
  const { progress } = useDesk();
  return /(\d+) of (\d+)/
    .exec(progress[channel] ?? '')
    ?.slice(1, 3)
    .join(' / ');
}
