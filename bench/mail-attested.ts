// Attestation: direct, through lists, and under thousands of changes that must never be called proven.

import {
  attest,
  dayOf,
  newDayKey,
  openBook,
  readMessage,
  type AttestationBook,
} from '@parley/mail';
import { nativePorts } from '@parley/kernel/node';
import type { Base } from './mail-bases.ts';
import { genuine, throughList } from './mail-classes.ts';
import { check, dice, goal, NOW, percent, quick, say, type World } from './mail-world.ts';

type Attested = { readonly base: Base; readonly sent: Buffer };

function attestAll(
  theirs: readonly Base[],
  world: World,
): { mails: Attested[]; book: AttestationBook } {
  const count = Math.min(theirs.length, quick ? 100 : 400);
  const keys = new Map<string, ReturnType<typeof newDayKey>>();
  const mails = theirs.slice(0, count).map((base) => ({ base, sent: genuine(base, dice) }));
  const statements = mails.map(({ sent }) => {
    const message = readMessage(sent);
    const day = dayOf(message.dateMs ?? NOW);
    const key = keys.get(day) ?? newDayKey(nativePorts, day);
    keys.set(day, key);
    return attest(nativePorts, message, key);
  });
  const book = openBook(nativePorts.crypto, {
    party: world.directory.party,
    dayKeys: [...keys.values()],
    statements,
    seals: [],
  });
  return { mails, book };
}

/** One change somewhere a reader or a program would meet it. */
function mutate(bytes: Buffer, round: number): Buffer {
  const text = bytes.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const kind = round % 4;
  if (kind === 3) {
    const link = `\r\nSee https://secure-portal-${dice.below(1e6)}.example.net/a\r\n`;
    const at = end + 4 + dice.below(Math.max(1, text.length - end - 4));
    return Buffer.from(text.slice(0, at) + link + text.slice(at), 'latin1');
  }
  if (kind === 2) {
    const mark = `m${dice.below(1e9)}`;
    const type =
      /^content-type:[^\r\n]*(?:\r\n[ \t][^\r\n]*)*\r\n/im.exec(text.slice(0, end + 2))?.[0] ?? '';
    const coding =
      /^content-transfer-encoding:[^\r\n]*\r\n/im.exec(text.slice(0, end + 2))?.[0] ?? '';
    const head = text
      .slice(0, end + 2)
      .replace(type, '')
      .replace(coding, '');
    return Buffer.from(
      `${head}Content-Type: multipart/mixed; boundary=${mark}\r\n\r\n--${mark}\r\n${type}${coding}\r\n${text.slice(end + 4)}\r\n--${mark}\r\nContent-Type: application/pdf; name="annex.pdf"\r\nContent-Disposition: attachment; filename="annex.pdf"\r\n\r\n%PDF-1.4 ${dice.below(1e9)}\r\n--${mark}--\r\n`,
      'latin1',
    );
  }
  const changed = Buffer.from(bytes);
  // Lines that servers write on top are not the sender's; the change falls on what the sender wrote.
  const own = text.search(/^From:/m);
  const at = own + dice.below(bytes.length - own);
  changed[at] = ((changed[at] ?? 0) + 1 + dice.below(254)) & 255;
  return changed;
}

/** Empty lines at the end are no part of a body (RFC 6376 section 3.4.3): servers add and strip them. */
function sameButForItsEnd(changed: Buffer, original: Buffer): boolean {
  const plain = (bytes: Buffer): string =>
    bytes
      .toString('latin1')
      .replace(/\r\n/g, '\n')
      .replace(/[\n]+$/, '');
  return plain(changed) === plain(original);
}

export async function attestation(theirs: readonly Base[], world: World): Promise<void> {
  const { mails, book } = attestAll(theirs, world);
  let direct = 0;
  for (const { sent } of mails)
    if ((await check(sent, world, [book])).attestation?.kind === 'proven') direct++;
  say(`Attestation (${mails.length} mails)`);
  goal(`direct mail proven ${percent(direct, mails.length)}, all`, direct === mails.length);
  let through = 0;
  let relayed = 0;
  const failed: string[] = [];
  for (const how of ['footer', 'wrap', 'recode', 'plain'] as const) {
    let ok = 0;
    for (const { sent, base } of mails) {
      const outcome = (await check(throughList(sent, how), world, [book])).attestation;
      if (outcome?.kind === 'proven') ok++;
      else
        failed.push(
          `${how} ${base.source}: ${outcome?.kind === 'altered' ? JSON.stringify(outcome.differences.slice(0, 2)) : outcome?.kind}`,
        );
    }
    say(`  through a list (${how}): ${percent(ok, mails.length)}`);
    through += ok;
    relayed += mails.length;
  }
  for (const line of failed.slice(0, 4)) say(`      ${line.slice(0, 220)}`);
  goal(`through lists ${percent(through, relayed)}, at least 95 %`, through >= 0.95 * relayed);
  const rounds = quick ? 2000 : 10_000;
  let falseProven = 0;
  let denied = 0;
  for (let i = 0; i < rounds; i++) {
    const { sent } = dice.of(mails);
    const original =
      i % 5 === 4 ? throughList(sent, dice.of(['footer', 'wrap', 'plain'] as const)) : sent;
    const changed = i % 5 === 4 ? mutate(original, 2 + (i % 2)) : mutate(original, i);
    if (sameButForItsEnd(changed, original)) continue;
    const { verdict, attestation: outcome } = await check(changed, world, [book]);
    if (verdict === 'proven') {
      falseProven++;
      if (falseProven <= 5) {
        let at = 0;
        while (changed[at] === original[at]) at++;
        say(
          `      false proven: round ${i}, ${JSON.stringify(original.subarray(at - 20, at + 10).toString('latin1'))} became ${JSON.stringify(changed.subarray(at - 20, at + 10).toString('latin1'))}`,
        );
      }
    } else if (outcome?.kind === 'altered') denied++;
  }
  goal(
    `false proven ${falseProven} of ${rounds} changed mails (${denied} shown as altered), none allowed`,
    falseProven === 0,
  );
}
