// D1, D3, D4, D5, D7: who the mail says it is from.

import { say } from '@parley/kernel';
import { visible } from '../unicode/visible.ts';
import { oddCharacters, type OddCharacter } from '../unicode/scripts.ts';
import { fieldsNamed } from '../message/headers.ts';
import { asciiHost, shownHost } from '../message/links.ts';
import { isCleared, senderOf } from '../history/history.ts';
import { evidence, mark, type Evidence, type Mark } from './evidence.ts';
import { allSenders, markField, type Case, type Proof } from './case.ts';
import { isLikeFrom, officialMailbox, type Claims } from './claims.ts';

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
    found.push(evidence('D1', 'stop', say('sender-lines', { count: message.from.length }), lines));
  else if (senders.length > 1)
    found.push(evidence('D1', 'stop', say('senders', { count: senders.length }), lines));
  else if (message.from.length === 0) found.push(evidence('D1', 'stop', say('no-sender-line')));
  for (const problem of new Set(message.from.flatMap(({ list }) => list.problems)))
    if (problem !== 'no-address' || senders.every(({ address }) => address === ''))
      found.push(evidence('D1', 'stop', say(`sender-${problem}`), lines));
  for (const field of message.headers.fields)
    if (isLikeFrom(field.writtenName) && found.length < 20)
      found.push(evidence('D1', 'stop', say('like-sender-line'), [markField(field)]));
  for (const problem of message.headers.problems) {
    const about = /^\s*(?:from|sender|reply-to|subject|to|date|message-id|content-type)\b/i.test(
      problem.text,
    );
    if (problem.kind === 'too-many') found.push(evidence('D1', 'warn', say('header-too-large')));
    else if (about || problem.kind === 'nul' || problem.kind === 'leading-fold')
      found.push(
        evidence('D1', about ? 'stop' : 'info', say('header-malformed'), [
          mark(`line ${problem.line}`, problem.text),
        ]),
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
            say('double-lines', { count: fields.length, name }),
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
    const names = { found: found.shown, party: directory.party, official: found.official };
    const place = where === 'DKIM seal' ? say('where-dkim-seal') : where;
    const said =
      where === 'link'
        ? say('look-alike-link', names)
        : say('look-alike-address', { ...names, where: place });
    return evidence(
      where === 'link' ? 'D11' : 'D3',
      // Under the party's own seal or statement, a link is the party's own word.
      where === 'link' && proof !== null ? 'info' : where === 'DKIM seal' ? 'warn' : 'stop',
      said,
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
    const code =
      match.how === 'alike'
        ? 'name-alike-other-address'
        : match.how === 'near'
          ? 'name-near-other-address'
          : 'name-other-address';
    found.push(
      evidence(
        'D4',
        cleared ? 'info' : match.how === 'near' ? 'warn' : 'stop',
        say(code, {
          person: visible(person.name, 80),
          party: name,
          address: mailbox.address === '' ? say('no-address') : mailbox.address,
        }),
        marks,
      ),
    );
  }
  if (claims.inName !== null) {
    const { mailbox, written } = claims.inName;
    found.push(
      evidence('D5', 'stop', say('address-in-name', { written, address: mailbox.address }), [
        mark('name', mailbox.name, spanOf(mailbox.name, written)),
      ]),
    );
  }
  if (claims.signedAs !== null) {
    const { person, line, withAddress, closing } = claims.signedAs;
    // A name alone may be a mention; under a closing phrase and over an address it is a signature.
    const weight = (withAddress === null ? 0 : 1) + (closing ? 1 : 0);
    const signer = visible(person.name, 80);
    const said =
      withAddress === null
        ? say('signed-text', { person: signer, party: name })
        : say('signed-text-address', { person: signer, written: withAddress });
    found.push(
      evidence('D5', cleared || weight === 0 ? 'info' : weight === 1 ? 'warn' : 'stop', said, [
        mark('text', line),
      ]),
    );
  }
  if (claims.otherLine !== null && claims.address === null)
    found.push(
      evidence('D1', 'stop', say('second-sender-line', { party: name }), [
        markField(claims.otherLine),
      ]),
    );
  if (claims.inRawLine !== null)
    found.push(
      evidence('D1', 'stop', say('malformed-sender-line', { party: name }), [
        markField(claims.inRawLine),
      ]),
    );
  return found;
}

function spanOf(text: string, part: string): readonly (readonly [number, number])[] {
  const at = text.toLowerCase().indexOf(part);
  return at < 0 ? [] : [[at, at + part.length]];
}

/** D7: what the eye does not see, in the name, the subject, the domain and the file names. */
export function detectHiddenLetters(given: Case): Evidence[] {
  const { message, party } = given;
  const found: Evidence[] = [];
  const check = (what: 'name' | 'domain' | 'subject' | 'file name', text: string): void => {
    const odd = oddCharacters(text);
    const kinds = new Set(odd.map(({ kind }) => kind));
    for (const kind of kinds) {
      const spans = odd
        .filter((one) => one.kind === kind)
        .map(({ start, end }: OddCharacter) => [start, end] as const);
      found.push(
        evidence(
          'D7',
          'warn',
          say(`hidden-${kind}`, {
            what: say(what === 'file name' ? 'where-file-name' : `where-${what}`),
          }),
          [mark(what, text.slice(0, 1000), spans)],
        ),
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
