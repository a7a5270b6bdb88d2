// D1, D3, D4, D5, D7: who the mail says it is from.

import { visible } from '../unicode/visible.ts';
import { oddCharacters, type OddCharacter, type OddKind } from '../unicode/scripts.ts';
import type { AddressProblem } from '../message/address.ts';
import { fieldsNamed } from '../message/headers.ts';
import { asciiHost, shownHost } from '../message/links.ts';
import { isCleared, senderOf } from '../history/history.ts';
import { evidence, mark, type Evidence, type Mark } from './evidence.ts';
import { allSenders, markField, type Case, type Proof } from './case.ts';
import { isLikeFrom, officialMailbox, type Claims } from './claims.ts';

const PROBLEM_TEXT: Readonly<Record<AddressProblem, string>> = {
  group: 'The sender line is written as a group. Real mail programs do not do that.',
  route:
    'The sender line holds a route before the address. Programs show different senders for it.',
  comment: 'A comment is hidden in the sender line. Programs show different senders for it.',
  'quoted-local':
    'A part of the sender address is put in quotes. Programs show different senders for it.',
  'at-in-local': 'A second address is hidden before the real one in the sender line.',
  'second-bracket':
    'The sender line holds two addresses in brackets. Programs choose different ones.',
  'text-after-bracket': 'Text follows the sender address. Programs read such a line differently.',
  'encoded-address': 'The sender address itself is encoded. Real mail programs do not do that.',
  'no-address': 'The sender line holds no proper address.',
  control: 'The sender line holds control characters, which programs cut or skip.',
  'bad-domain': 'The domain in the sender line is no domain.',
};

/** Header fields of which a mail has one (RFC 5322 section 3.6). Programs show the first or the last of several. */
const SINGLE_STOP = ['subject', 'reply-to', 'content-type', 'content-transfer-encoding'] as const;
const SINGLE_WARN = ['sender', 'to', 'cc', 'date', 'message-id', 'mime-version'] as const;

/** D1. Strength is for a mail that claims the party; the caller weakens it for others. */
export function detectSenderLine(given: Case): Evidence[] {
  const { message } = given;
  const found: Evidence[] = [];
  const lines = message.from.map(({ field }) => markField(field));
  const senders = allSenders(message);
  if (message.from.length > 1)
    found.push(
      evidence(
        'D1',
        'stop',
        `This mail has ${message.from.length} sender lines. Real mail programs send one.`,
        lines,
      ),
    );
  else if (senders.length > 1)
    found.push(
      evidence(
        'D1',
        'stop',
        `This mail names ${senders.length} senders. Programs show only one of them.`,
        lines,
      ),
    );
  else if (message.from.length === 0)
    found.push(evidence('D1', 'stop', 'This mail has no sender line.'));
  for (const problem of new Set(message.from.flatMap(({ list }) => list.problems)))
    if (problem !== 'no-address' || senders.every(({ address }) => address === ''))
      found.push(evidence('D1', 'stop', PROBLEM_TEXT[problem], lines));
  for (const field of message.headers.fields)
    if (isLikeFrom(field.writtenName) && found.length < 20)
      found.push(
        evidence('D1', 'stop', 'A line looks like the sender line and is not one.', [
          markField(field),
        ]),
      );
  for (const problem of message.headers.problems) {
    const about = /^\s*(?:from|sender|reply-to|subject|to|date|message-id|content-type)\b/i.test(
      problem.text,
    );
    if (problem.kind === 'too-many')
      found.push(
        evidence('D1', 'warn', 'The header of this mail is too large to be read to its end.'),
      );
    else if (about || problem.kind === 'nul' || problem.kind === 'leading-fold')
      found.push(
        evidence(
          'D1',
          about ? 'stop' : 'info',
          'A header line is malformed, so that programs read it differently.',
          [mark(`line ${problem.line}`, problem.text)],
        ),
      );
    if (found.length > 30) break;
  }
  for (const [names, strength] of [
    [SINGLE_STOP, 'stop'],
    [SINGLE_WARN, 'warn'],
  ] as const)
    for (const name of names) {
      const fields = fieldsNamed(message.headers, name);
      if (fields.length > 1)
        found.push(
          evidence(
            'D1',
            strength,
            `This mail has ${fields.length} ${name} lines. Programs show different ones.`,
            fields.slice(0, 5).map((field) => markField(field)),
          ),
        );
    }
  return found;
}

/** D3: look-alike domains anywhere a reader or his answer would meet them. */
export function detectLookAlikes(given: Case, claims: Claims, proof: Proof | null): Evidence[] {
  const { directory } = given.party;
  return claims.lookAlikes.slice(0, 10).map(({ found, where, field, written }) => {
    const marks: Mark[] = [mark(where, found.shown, found.marks)];
    if (field !== null) marks.push(markField(field, written));
    const text =
      where === 'link'
        ? `A link opens ${found.shown}; ${directory.party}'s real domain is ${found.official}. The marked letters differ.`
        : `The address in ${where} ends in ${found.shown}; ${directory.party}'s real one is ${found.official}. The marked letters differ.`;
    return evidence(
      where === 'link' ? 'D11' : 'D3',
      // Under the party's own seal or statement, a link is the party's own word.
      where === 'link' && proof !== null ? 'info' : where === 'DKIM seal' ? 'warn' : 'stop',
      text,
      marks,
    );
  });
}

/** D4 and D5: a listed person's name or an official address, on an address that is not the party's. */
export function detectNames(given: Case, claims: Claims): Evidence[] {
  const found: Evidence[] = [];
  const { party } = given;
  const name = party.directory.party;
  const cleared = isCleared(given.history, senderOf(given.message), name);
  if (claims.name !== null) {
    const { person, match, mailbox } = claims.name;
    const where = given.message.from[0]?.field;
    const marks = [mark('name', mailbox.name === '' ? mailbox.local : mailbox.name, match.marks)];
    if (where !== undefined) marks.push(markField(where, mailbox.address));
    const hidden =
      match.how === 'alike'
        ? ' Letters that only look right are marked.'
        : match.how === 'near'
          ? ' The name differs by one letter.'
          : '';
    found.push(
      evidence(
        'D4',
        cleared ? 'info' : match.how === 'near' ? 'warn' : 'stop',
        `It is signed as ${visible(person.name, 80)}, but ${name} has not listed the address ${mailbox.address === '' ? '(none)' : mailbox.address}.${hidden}`,
        marks,
      ),
    );
  }
  if (claims.inName !== null) {
    const { mailbox, written } = claims.inName;
    found.push(
      evidence(
        'D5',
        'stop',
        `The real address ${written} is only written in the name field. The mail comes from ${mailbox.address}.`,
        [mark('name', mailbox.name, spanOf(mailbox.name, written))],
      ),
    );
  }
  if (claims.signedAs !== null) {
    const { person, line, withAddress, closing } = claims.signedAs;
    // A name alone may be a mention; under a closing phrase and over an address it is a signature.
    const weight = (withAddress === null ? 0 : 1) + (closing ? 1 : 0);
    const text =
      withAddress === null
        ? `The text is signed ${visible(person.name, 80)}, but the mail does not come from an address of ${name}.`
        : `The text is signed ${visible(person.name, 80)} with ${withAddress}, but the mail does not come from there.`;
    found.push(
      evidence('D5', cleared || weight === 0 ? 'info' : weight === 1 ? 'warn' : 'stop', text, [
        mark('text', line),
      ]),
    );
  }
  if (claims.otherLine !== null && claims.address === null)
    found.push(
      evidence(
        'D1',
        'stop',
        `An address of ${name} stands in a second sender line; the mail comes from another.`,
        [markField(claims.otherLine)],
      ),
    );
  if (claims.inRawLine !== null)
    found.push(
      evidence('D1', 'stop', `A malformed sender line mentions ${name}'s domain.`, [
        markField(claims.inRawLine),
      ]),
    );
  return found;
}

function spanOf(text: string, part: string): readonly (readonly [number, number])[] {
  const at = text.toLowerCase().indexOf(part);
  return at < 0 ? [] : [[at, at + part.length]];
}

const ODD_TEXT: Readonly<Record<OddKind, string>> = {
  'foreign-letter': 'Letters from another alphabet are hidden in this',
  invisible: 'Invisible characters are hidden in this',
  direction: 'Characters that turn the reading direction are hidden in this',
  control: 'Control characters are hidden in this',
};

/** D7: what the eye does not see, in the name, the subject, the domain and the file names. */
export function detectHiddenLetters(given: Case): Evidence[] {
  const { message, party } = given;
  const found: Evidence[] = [];
  const check = (what: string, text: string): void => {
    const odd = oddCharacters(text);
    const kinds = new Set(odd.map(({ kind }) => kind));
    for (const kind of kinds) {
      const spans = odd
        .filter((one) => one.kind === kind)
        .map(({ start, end }: OddCharacter) => [start, end] as const);
      found.push(
        evidence('D7', 'warn', `${ODD_TEXT[kind]} ${what}.`, [
          mark(what, text.slice(0, 1000), spans),
        ]),
      );
    }
  };
  for (const mailbox of allSenders(message).slice(0, 5)) {
    check('name', mailbox.name);
    const host = asciiHost(mailbox.domain);
    if (host !== null && !officialMailbox(party, mailbox)) check('domain', shownHost(host));
  }
  check('subject', message.subject);
  for (const file of message.files.slice(0, 20)) check('file name', file.fileName);
  return found;
}
