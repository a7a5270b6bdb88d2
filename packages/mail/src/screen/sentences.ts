// Every sentence that a detector can say, by its code. Apps say them in other languages by the same codes.

/** Places in a mail and kinds of files: the words that sentences and marks are filled with. */
const PLACES = {
  'where-line': 'line {line}',
  'where-header': 'header {name}',
  'where-name': 'name',
  'where-domain': 'domain',
  'where-subject': 'subject',
  'where-text': 'text',
  'where-bytes': 'bytes',
  'where-link': 'link',
  'where-link-text': 'link text',
  'where-link-target': 'link target',
  'where-file-name': 'file name',
  'where-picture': 'picture',
  'where-square-code': 'square code',
  'where-recipients': 'recipients',
  'where-forwarded-text': 'forwarded text',
  'where-forwarded-mail': 'forwarded mail',
  'where-dkim-seal': 'DKIM seal',
  'where-encoded-part': 'encoded part',
  'where-text-outside-the-parts': 'text outside the parts',
  'unnamed-domain': 'a domain that is not named',
  'no-address': '(none)',
  'file-macro': 'a document that can carry a program (macro)',
  'file-program': 'a program',
  'file-shortcut': 'a shortcut, which can start a program',
  'file-disk-image': 'a disk image, which carries files past warnings',
  'file-web-page': 'a web page as a file, which can ask for passwords',
  'file-archive': 'an archive',
  'file-locked-archive': 'an archive closed with a password, which no scanner can read',
  'file-attacked-kind': 'a document of a kind that attacks have used',
} as const;

export const MAIL_SENTENCES = {
  ...PLACES,
  'sender-lines': 'This mail has {count} sender lines. Real mail programs send one.',
  senders: 'This mail names {count} senders. Programs show only one of them.',
  'no-sender-line': 'This mail has no sender line.',
  'sender-group': 'The sender line is written as a group. Real mail programs do not do that.',
  'sender-route':
    'The sender line holds a route before the address. Programs show different senders for it.',
  'sender-comment':
    'A comment is hidden in the sender line. Programs show different senders for it.',
  'sender-quoted-local':
    'A part of the sender address is put in quotes. Programs show different senders for it.',
  'sender-at-in-local': 'A second address is hidden before the real one in the sender line.',
  'sender-second-bracket':
    'The sender line holds two addresses in brackets. Programs choose different ones.',
  'sender-text-after-bracket':
    'Text follows the sender address. Programs read such a line differently.',
  'sender-encoded-address':
    'The sender address itself is encoded. Real mail programs do not do that.',
  'sender-no-address': 'The sender line holds no proper address.',
  'sender-control': 'The sender line holds control characters, which programs cut or skip.',
  'sender-bad-domain': 'The domain in the sender line is no domain.',
  'like-sender-line': 'A line looks like the sender line and is not one.',
  'header-too-large': 'The header of this mail is too large to be read to its end.',
  'header-malformed': 'A header line is malformed, so that programs read it differently.',
  'double-lines': 'This mail has {count} {name} lines. Programs show different ones.',
  'look-alike-link':
    "A link opens {found}; {party}'s real domain is {official}. The marked letters differ.",
  'look-alike-address':
    "The address in {where} ends in {found}; {party}'s real one is {official}. The marked letters differ.",
  'name-other-address':
    'It is signed as {person}, but {party} has not listed the address {address}.',
  'name-alike-other-address':
    'It is signed as {person}, but {party} has not listed the address {address}. Letters that only look right are marked.',
  'name-near-other-address':
    'It is signed as {person}, but {party} has not listed the address {address}. The name differs by one letter.',
  'address-in-name':
    'The real address {written} is only written in the name field. The mail comes from {address}.',
  'signed-text':
    'The text is signed {person}, but the mail does not come from an address of {party}.',
  'signed-text-address':
    'The text is signed {person} with {written}, but the mail does not come from there.',
  'second-sender-line':
    'An address of {party} stands in a second sender line; the mail comes from another.',
  'malformed-sender-line': "A malformed sender line mentions {party}'s domain.",
  'hidden-foreign-letter': 'Letters from another alphabet are hidden in this {what}.',
  'hidden-invisible': 'Invisible characters are hidden in this {what}.',
  'hidden-direction': 'Characters that turn the reading direction are hidden in this {what}.',
  'hidden-control': 'Control characters are hidden in this {what}.',
  'listed-relay':
    "It carries {party}'s real address and came through {relay}, which {party} lists. That does not prove who wrote it.",
  unproven:
    "It carries {party}'s real address, but nothing proves that {party} sent it. Ask in the channel.",
  'seals-too-many': 'It carries more seals than a real mail does; none was checked.',
  'seals-unchecked': 'Its seals could not be checked.',
  'seal-broken': 'The technical seal of {domain} is broken: {reason}.',
  'seal-unusable': 'The technical seal of {domain} does not count: {reason}.',
  'seal-no-answer': 'The key of the seal of {domain} could not be asked for.',
  'seal-open-end':
    'The seal of {domain} leaves the end of the text open: anything may have been added.',
  'seal-of-others': 'The technical seal belongs to {domain}, not to {host}.',
  'seal-unlisted-key': 'The seal of {domain} uses a key that {party} has not listed.',
  'seal-open-line':
    'The seal of {domain} does not cover the {name} line: it may have been changed.',
  'dmarc-fail': 'It fails the check that {domain} asks for (DMARC, policy {policy}).',
  'spf-fail': '{domain} does not let the sending server send its mail (SPF {result}).',
  'arc-broken': 'The chain of seals of the servers on the way (ARC) is broken.',
  'directory-expired': 'The directory of {party} has expired; nothing is called proven by it.',
  'replay-not-to-you': 'A true mail, but not addressed to you: somebody may have sent it again.',
  'replay-late': 'A true mail, but it was sealed {days} days before it arrived.',
  'denied-by-count':
    '{party} states that it did not send this: on {day} it sent {count} mails, and this is none of them.',
  'altered-on-the-way': '{party} sent a mail like this, but this one was changed on the way.',
  'forwarded-attested': 'A mail forwarded inside is one that {party} attested.',
  'forwarded-denied': 'A mail forwarded inside claims {party}, and {party} states otherwise.',
  'forwarded-look-alike':
    "The mail forwarded in the text came from {found}; {party}'s real domain is {official}. The marked letters differ.",
  'forwarded-same-words':
    'The text forwards a mail whose words {party} attested, line by line. Its files, and links behind words, were not compared.',
  'forwarded-other-words':
    'The text forwards a mail that {party} sent under this subject, in other words or other lines than {party} attested. Ask for the mail itself as an attachment, or ask {party}.',
  'forwarded-typed':
    'The text says that it forwards a mail of {party}. Typed lines prove nothing. Ask for the mail itself as an attachment, or ask {party}.',
  'answer-elsewhere': 'Your answer would go to {address}, not to {party}.',
  'link-opens-other': 'The link says {written} and opens {host}.',
  'link-writes-other': 'The link says {written} and would write to {address}.',
  'link-shortened': 'A link is hidden behind the shortener {host}.',
  'link-to-files': "A link leads to files on {host}, not on {party}'s own site.",
  'carries-file': 'It carries {what}. Open nothing but the safe copy that disarm makes.',
  'carries-disguised-file':
    'It carries {what}, named like a document. Open nothing but the safe copy that disarm makes.',
  'square-code': 'A picture holds a square code.',
  'square-code-official': 'A square code in a picture opens {host}.',
  'square-code-look-alike':
    "A square code in a picture opens {found}; {party}'s real domain is {official}.",
  'square-code-elsewhere':
    "A square code in a picture opens {host}, which is not {party}'s. Do not point a telephone at it.",
  'square-code-drawn':
    'A square code seems to be drawn with letters in the text. It was not read; do not point a telephone at it.',
  'pictures-unread':
    '{count} of its pictures could not be looked at; a square code in one can hold a link.',
  'rule-no-files': '{party} said on {day} that it never sends files by mail.',
  'rule-always-attested':
    '{party} said on {day} that it attests every mail in the channel. This one is not attested yet.',
  'rule-always-signed':
    '{party} said on {day} that it seals every mail. This one has no valid seal.',
  'first-mail': 'First mail from the address {address}.',
  'new-name': 'This address has not used the name {name} before.',
  'new-mail-program': 'This address has not used this mail program before.',
  'unknown-thread': 'It answers a conversation that is not in your records.',
  'quotes-unknown': 'It quotes a conversation, but names no mail of yours that it answers.',
  'first-file': 'After {count} mails without files this is the first with one.',
  'first-square-code': 'After {count} mails without links this is the first with a square code.',
  'first-link': 'After {count} mails without links this is the first with one.',
  'first-reply-to': 'Answers to this sender would for the first time go to {address}.',
} as const;

export type MailCode = keyof typeof MAIL_SENTENCES;
