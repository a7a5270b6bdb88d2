// Lines that wait to be said off the record. Each is for those who were there when it was written, and for nobody else.

import { isOpen, BRANCH_LINE_MAX_BYTES, type Branch, type BranchBody } from '@parley/channel';
import { END_SENTENCES, type TalkEnd } from './off-record-words.ts';
import { DeskRefusal } from './refusal.ts';

type Said = {
  readonly text: string;
  /** The seats that could hear it when it was written. */
  readonly for: string;
  readonly settle: () => void;
  readonly fail: (error: unknown) => void;
};

const seatsOf = ({ key }: Branch): string => key?.seats.join() ?? '';

export class WaitingLines {
  readonly #waiting: Said[] = [];

  /** Settles when the line stands in the talk. Refuses one that nobody could hear. */
  async add(text: string, branch: Branch): Promise<void> {
    const length = Buffer.byteLength(text);
    if (length === 0 || length > BRANCH_LINE_MAX_BYTES || !text.isWellFormed()) {
      throw new DeskRefusal('wrong-use', length === 0 ? 'nothing-to-say' : 'text-too-long', {
        message: `A line has 1 to ${BRANCH_LINE_MAX_BYTES} bytes of text.`,
        next: 'say it in several lines. Documents are sent on the record: parley send',
      });
    }
    if (!isOpen(branch)) {
      throw new DeskRefusal('waiting', 'nobody-there', {
        message: 'Nobody who has proven who they are can hear you yet. Nothing was said.',
        next: 'wait until they are there',
      });
    }
    return new Promise<void>((settle, fail) => {
      this.#waiting.push({ text, for: seatsOf(branch), settle, fail });
    });
  }

  /** The next line, if those who would hear it are those it was written for; any other is given back. */
  next(branch: Branch): BranchBody | undefined {
    for (let said = this.#waiting[0]; said !== undefined; said = this.#waiting[0]) {
      if (isOpen(branch) && seatsOf(branch) === said.for) return { kind: 'line', text: said.text };
      this.#waiting.shift();
      said.fail(
        new DeskRefusal('policy', 'audience-changed', {
          message: 'Somebody came or went while you wrote. Your line was not said.',
          next: 'look who is there now, and say it again',
        }),
      );
    }
    return undefined;
  }

  /** The first one stands in the talk. */
  placed(): void {
    this.#waiting.shift()?.settle();
  }

  over(end: TalkEnd): void {
    for (const said of this.#waiting.splice(0)) said.fail(overRefusal(end));
  }
}

export function overRefusal(end: TalkEnd): DeskRefusal {
  return new DeskRefusal('policy', 'talk-is-over', {
    message: `${END_SENTENCES[end]} Nothing was said.`,
    next: 'propose another talk: parley off-record',
  });
}
