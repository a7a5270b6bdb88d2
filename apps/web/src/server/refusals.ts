// What the page is told when something is refused: the same code, sentence and next step as on the command line.

import { isFault } from '@parley/kernel';
import { DeskRefusal } from '@parley/desk';
import type { Refusal } from './wire.ts';

/** A refusal that the server of the page makes itself. */
export class PageRefusal extends Error {
  readonly status: number;
  readonly refusal: Refusal;

  constructor(status: number, code: string, said: { message: string; next?: string }) {
    super(said.message);
    this.name = 'PageRefusal';
    this.status = status;
    const nature = status >= 500 ? 'fault' : status === 403 ? 'policy' : 'wrong-use';
    this.refusal = { nature, code, message: said.message, next: said.next ?? null };
  }
}

/** Every failure as a refusal. A bug says nothing of its inside to the page; `onBug` hears it. */
export function refusalOf(
  error: unknown,
  onBug: (error: unknown) => void,
): { status: number; refusal: Refusal } {
  if (error instanceof PageRefusal) return error;
  if (error instanceof DeskRefusal) {
    const { nature, code, message, next } = error;
    return { status: 409, refusal: { nature, code, message, next: next ?? null } };
  }
  if (isFault(error)) {
    const { code, message, nextAction } = error;
    return { status: 503, refusal: { nature: 'fault', code, message, next: nextAction ?? null } };
  }
  onBug(error);
  return {
    status: 500,
    refusal: {
      nature: 'bug',
      code: 'bug',
      message: 'Parley made a mistake. Nothing was sent.',
      next: 'look at the terminal that runs "parley ui"',
    },
  };
}
