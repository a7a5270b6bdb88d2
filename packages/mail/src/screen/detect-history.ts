// D8, D9, D10: what this mailbox remembers of the sender and the conversation.

import { say } from '@parley/kernel';
import { messageDigest, senderOf } from '../history/history.ts';
import { evidence, mark, type Evidence } from './evidence.ts';
import { markField, type Case } from './case.ts';
import type { Claims } from './claims.ts';

/** Below this, a mailbox knows too little to miss anything. */
const KNOWN_MAILS_MIN = 20;
const HARMLESS_MIN = 2;

/** D8: first mail from this address, or a known address with a new name. */
export function detectFirstContact(given: Case): Evidence[] {
  const sender = senderOf(given.message);
  if (sender === '') return [];
  const profile = given.history.senders.get(sender);
  if (profile === undefined)
    return given.history.senders.size === 0
      ? []
      : [evidence('D8', 'info', say('first-mail', { address: sender }))];
  const found: Evidence[] = [];
  const name = given.message.from[0]?.list.mailboxes[0]?.name ?? '';
  if (name !== '' && profile.names.length > 0 && !profile.names.includes(name))
    found.push(evidence('D8', 'info', say('new-name', { name }), [mark('name', name)]));
  const mailer = given.message.headers.fields.find(
    (field) => field.name === 'x-mailer' || field.name === 'user-agent',
  );
  if (
    mailer !== undefined &&
    profile.mailers.length > 0 &&
    !profile.mailers.includes(mailer.value.slice(0, 80))
  )
    found.push(evidence('D8', 'info', say('new-mail-program'), [markField(mailer)]));
  return found;
}

/** D9: it answers or quotes a conversation that this mailbox never had. */
export function detectThread(given: Case): Evidence[] {
  const { message, history } = given;
  if (history.messages.size < KNOWN_MAILS_MIN) return [];
  const fields = message.headers.fields.filter(
    ({ name }) => name === 'in-reply-to' || name === 'references',
  );
  const ids = fields.flatMap(({ value }) =>
    [...value.matchAll(/<([^<>\s]{1,990})>/g)].slice(0, 100).map((match) => match[1] ?? ''),
  );
  if (ids.length > 0) {
    if (ids.some((id) => history.messages.has(messageDigest(id)))) return [];
    return [
      evidence(
        'D9',
        'warn',
        say('unknown-thread'),
        fields.slice(0, 2).map((field) => markField(field)),
      ),
    ];
  }
  const answers = /^\s*(?:re|aw|antw|sv|rv|odp|回复|答复|답장|回覆)\s*(?:\[\d+\])?\s*[:：]/iu.test(
    message.subject,
  );
  const quotes = /^>|^\s*on .{5,120} wrote:\s*$|^-{2,}\s*original message/im.test(
    message.text.slice(0, 64 * 1024),
  );
  if (answers && quotes)
    return [evidence('D9', 'warn', say('quotes-unknown'), [mark('subject', message.subject)])];
  return [];
}

/** D10: several harmless mails, and now the first file or link, or another address to answer to. */
export function detectTurn(given: Case, claims: Claims): Evidence[] {
  const sender = senderOf(given.message);
  const profile = given.history.senders.get(sender);
  if (profile === undefined || profile.count < HARMLESS_MIN) return [];
  const found: Evidence[] = [];
  const strength = claims.address !== null || claims.name !== null ? 'warn' : 'info';
  if (given.message.files.length > 0 && profile.withFiles === 0)
    found.push(
      evidence(
        'D10',
        strength,
        say('first-file', { count: profile.count }),
        given.message.files
          .slice(0, 3)
          .map((file) => mark('file name', file.fileName === '' ? file.type : file.fileName)),
      ),
    );
  const codes = given.codes?.codes ?? [];
  if (codes.length > 0 && profile.withLinks === 0)
    found.push(
      evidence(
        'D10',
        strength,
        say('first-square-code', { count: profile.count }),
        codes.map(({ text }) => mark('square code', text)),
      ),
    );
  if (given.message.links.length > 0 && profile.withLinks === 0)
    found.push(
      evidence(
        'D10',
        strength,
        say('first-link', { count: profile.count }),
        given.message.links.slice(0, 3).map(({ target }) => mark('link', target)),
      ),
    );
  const replyTo = given.message.replyTo[0]?.list.mailboxes[0]?.address.toLowerCase() ?? '';
  if (replyTo !== '' && replyTo !== sender && !profile.replyTo.includes(replyTo))
    found.push(evidence('D10', strength, say('first-reply-to', { address: replyTo })));
  return found;
}
