// A mail forwarded as text: the lines that say whose it was, and the words under them. Anybody can type such lines.

import { readAddresses, type Mailbox } from './address.ts';

export type InlineForward = {
  readonly from: Mailbox;
  readonly subject: string;
  /** The line that names the sender, as written. */
  readonly line: string;
  /** What stands under the lines, without marks of quotation. */
  readonly words: readonly string[];
};

const TEXT_MAX = 256 * 1024;
const FORWARDS_MAX = 5;
/** The lines of a block stand together; mail programs write four to seven. */
const BLOCK_LINES = 12;
const BLOCK_FIELDS_MIN = 3;

const FROM = /^(?:from|von|de|da|van|fra|från|от|от кого|보낸 ?사람|发件人|寄件者|差出人|من)$/;
const SUBJECT =
  /^(?:subject|betreff|objet|oggetto|asunto|onderwerp|emne|ämne|тема|제목|主题|主旨|件名|الموضوع)$/;
const OTHER =
  /^(?:date|sent|to|cc|datum|gesendet|an|envoyé|à|data|inviato|a|fecha|enviado|para|verzonden|aan|дата|отправлено|кому|копия|날짜|보낸 ?날짜|받는 ?사람|참조|日期|发送时间|收件人|抄送|日時|宛先|التاريخ|إلى)$/;
const FIELD = /^[*_]{0,2}([\p{L} ]{1,20}?)[*_]{0,2}\s*[:：][*_]{0,2}\s*(\S.*)$/u;

function unquoted(line: string): string {
  return line.replace(/^(?:> ?)+/, '');
}

type Block = { from: string; subject: string; fields: number; end: number };

/** The block that begins at this line, or null. A long value may go on in the next line. */
function blockAt(lines: readonly string[], start: number): Block | null {
  const block: Block = { from: '', subject: '', fields: 0, end: start };
  for (let at = start; at < Math.min(lines.length, start + BLOCK_LINES); at++) {
    const line = unquoted(lines[at] ?? '').trim();
    if (line === '') break;
    const match = FIELD.exec(line);
    const name = match?.[1]?.trim().toLowerCase() ?? '';
    const value = match?.[2] ?? '';
    if (FROM.test(name) && block.from === '') block.from = value;
    else if (SUBJECT.test(name)) block.subject = value;
    else if (!OTHER.test(name)) {
      if (block.fields === 0) return null;
      continue;
    }
    block.fields++;
    block.end = at + 1;
  }
  return block.fields >= BLOCK_FIELDS_MIN && block.from !== '' ? block : null;
}

function mailboxOf(written: string): Mailbox | null {
  // Outlook writes [mailto:a@b] behind the name, others write the name alone.
  const plain = written.replace(/\[mailto:([^\]\s]+)\]/i, '<$1>').replace(/[*_]+$/, '');
  // The name stands there without its quotes, so a comma in it ends nothing: the last address in brackets counts.
  const bracketed = /<[^<>\s]+@[^<>\s]+>\s*$/.exec(plain.slice(0, 1000))?.[0];
  const mailboxes = readAddresses(bracketed ?? plain.slice(0, 1000)).mailboxes;
  return mailboxes.length === 1 ? (mailboxes[0] ?? null) : null;
}

/** The mails that a text says it forwards, outermost first; at most five. */
export function readInlineForwards(text: string): readonly InlineForward[] {
  const lines = text.slice(0, TEXT_MAX).replace(/\r\n?/g, '\n').split('\n');
  const found: InlineForward[] = [];
  for (let at = 0; at < lines.length && found.length < FORWARDS_MAX; at++) {
    if (
      !FROM.test(
        FIELD.exec(unquoted(lines[at] ?? '').trim())?.[1]
          ?.trim()
          .toLowerCase() ?? '',
      )
    )
      continue;
    const block = blockAt(lines, at);
    const from = block === null ? null : mailboxOf(block.from);
    if (block === null || from === null) continue;
    const quoted = (lines[at] ?? '').startsWith('>');
    found.push({
      from,
      subject: block.subject,
      line: unquoted(lines[at] ?? '').trim(),
      words: lines.slice(block.end).map((line) => (quoted ? line.replace(/^> ?/, '') : line)),
    });
    at = block.end - 1;
  }
  return found;
}
