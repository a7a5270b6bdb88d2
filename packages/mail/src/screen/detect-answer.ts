// D6 and D11: where the reader is sent. D14 and D15: what the mail carries, and what the party said it never does.

import { say } from '@parley/kernel';
import { hostNamedBy, hostOfUrl, registrable } from '../message/links.ts';
import { partBytes, type Part } from '../message/mime.ts';
import { evidence, mark, type Evidence, type Mark } from './evidence.ts';
import { markField, type Case, type Proof } from './case.ts';
import { isOfficialAddress, isOfficialHost, lookAlikeOf, policySince } from './known-party.ts';
import { officialMailbox, type Claims } from './claims.ts';
import type { MailCode } from './sentences.ts';

/** D6: Reply-To outside the party's domains. Under a proof that covers Reply-To it is the party's own word. */
export function detectReplyTo(given: Case, claims: Claims, proof: Proof | null): Evidence[] {
  if (claims.address === null) return [];
  const { party, message } = given;
  const found: Evidence[] = [];
  for (const { field, list } of message.replyTo)
    for (const mailbox of list.mailboxes.slice(0, 10)) {
      if (officialMailbox(party, mailbox)) continue;
      const covered = proof !== null && replyToCovered(given, proof);
      const forbidden = policySince(party, 'reply-stays') !== null;
      found.push(
        evidence(
          'D6',
          covered && !forbidden ? 'info' : 'stop',
          say('answer-elsewhere', {
            address: mailbox.address === '' ? field.value : mailbox.address,
            party: party.directory.party,
          }),
          [markField(field, mailbox.address)],
        ),
      );
    }
  return found;
}

function replyToCovered(given: Case, proof: Proof): boolean {
  if (proof.by === 'attestation') return true;
  const signature = given.authentication?.signatures.find(({ line }) => line === proof.line);
  return signature?.covers.includes('reply-to') === true;
}

/** Hosts where anybody may put a file. */
const FILE_HOSTS = new Set(
  'dropbox.com drive.google.com docs.google.com onedrive.live.com 1drv.ms sharepoint.com wetransfer.com we.tl mega.nz box.com mediafire.com sendspace.com transfer.sh gofile.io disk.yandex.ru cloud.mail.ru pan.baidu.com icloud.com'.split(
    ' ',
  ),
);
const SHORTENERS = new Set(
  'bit.ly tinyurl.com t.co goo.gl is.gd ow.ly cutt.ly rb.gy shorturl.at t.ly tiny.cc rebrand.ly qrco.de'.split(
    ' ',
  ),
);

/** D11: what a link says and where it goes. */
export function detectLinks(given: Case, proof: Proof | null): Evidence[] {
  const { message, party } = given;
  const found: Evidence[] = [];
  const seen = new Set<string>();
  for (const anchor of message.anchors.slice(0, 400)) {
    const target = hostOfUrl(anchor.target);
    const said = hostNamedBy(anchor.text);
    if (
      target === null ||
      said === null ||
      registrable(target) === registrable(said) ||
      seen.has(`${said} ${target}`)
    )
      continue;
    seen.add(`${said} ${target}`);
    const official = isOfficialHost(party, said) || lookAlikeOf(party, said) !== null;
    found.push(
      evidence(
        'D11',
        official && proof === null ? 'stop' : 'info',
        say('link-opens-other', { written: said, host: target }),
        [
          mark('link text', anchor.text),
          mark('link target', anchor.target, spanOf(anchor.target, target)),
        ],
      ),
    );
    if (found.length >= 10) return found;
  }
  for (const anchor of message.anchors.slice(0, 400)) {
    const mailto = /^\s*mailto:([^?]+)/i.exec(anchor.target)?.[1]?.toLowerCase();
    const shown = /[\w.+-]{1,64}@[\w.-]{1,200}/.exec(anchor.text.toLowerCase())?.[0];
    if (
      mailto === undefined ||
      shown === undefined ||
      mailto === shown ||
      !isOfficialAddress(party, shown)
    )
      continue;
    found.push(
      evidence(
        'D11',
        isOfficialAddress(party, mailto) ? 'info' : 'stop',
        say('link-writes-other', { written: shown, address: mailto }),
        [mark('link target', anchor.target)],
      ),
    );
  }
  for (const { host, target } of message.links.slice(0, 200)) {
    if (seen.has(host) || isOfficialHost(party, host)) continue;
    const short = SHORTENERS.has(host);
    if (!short && !FILE_HOSTS.has(host) && !FILE_HOSTS.has(registrable(host))) continue;
    seen.add(host);
    found.push(
      evidence(
        'D11',
        'info',
        short
          ? say('link-shortened', { host })
          : say('link-to-files', { host, party: party.directory.party }),
        [mark('link', target)],
      ),
    );
  }
  return found.slice(0, 20);
}

function spanOf(text: string, part: string): readonly (readonly [number, number])[] {
  const at = text.toLowerCase().indexOf(part);
  return at < 0 ? [] : [[at, at + part.length]];
}

type FileCode = Extract<MailCode, `file-${string}`>;
type FileKind = { readonly pattern: RegExp; readonly what: FileCode };

const FILE_KINDS: readonly FileKind[] = [
  {
    pattern: /\.(?:docm|dotm|xlsm|xltm|xlam|xlsb|pptm|potm|ppam|ppsm|sldm|xll|accdb|mdb|wll)$/,
    what: 'file-macro',
  },
  {
    pattern:
      /\.(?:exe|com|scr|pif|msi|msix|appx|bat|cmd|ps1|psm1|vbs|vbe|js|jse|wsf|wsh|hta|cpl|dll|jar|app|dmg|pkg|deb|rpm|sh|py|apk|reg|gadget|msc|chm)$/,
    what: 'file-program',
  },
  {
    pattern: /\.(?:lnk|url|website|desktop|scf|library-ms|search-ms|settingcontent-ms|webloc)$/,
    what: 'file-shortcut',
  },
  {
    pattern: /\.(?:iso|img|vhd|vhdx|vmdk|cab|udf)$/,
    what: 'file-disk-image',
  },
  {
    pattern: /\.(?:html?|xhtml|shtml?|mht|mhtml|svg|svgz|xml|xsl)$/,
    what: 'file-web-page',
  },
  { pattern: /\.(?:zip|rar|7z|gz|tgz|bz2|xz|tar|arj|ace|lzh|z|alz|egg)$/, what: 'file-archive' },
  {
    pattern: /\.(?:one|onepkg|rtf|slk|iqy|odm|oft|rdp|ovpn|hwpx?|pub)$/,
    what: 'file-attacked-kind',
  },
];

type Danger = { readonly what: FileCode; readonly disguised: boolean };

/** What a file is by its name and first bytes; null for the harmless-looking. Never opens it: that is disarm's work. */
function dangerOf(part: Part): Danger | null {
  const plain = (what: FileCode): Danger => ({ what, disguised: false });
  const name = part.fileName.toLowerCase().replace(/[\s.\u200b-\u200f\u202a-\u202e]+$/gu, '');
  const head = partBytes(part, 64 * 1024);
  const starts = (text: string): boolean =>
    Buffer.from(head.subarray(0, text.length)).toString('latin1') === text;
  if (starts('MZ') || starts('\x7fELF')) return plain('file-program');
  if (starts('PK\x03\x04') && ((head[6] ?? 0) & 1) === 1) return plain('file-locked-archive');
  if (starts('Rar!') || starts("7z\xbc\xaf'\x1c")) return plain('file-archive');
  const twice = /\.(?:pdf|docx?|xlsx?|pptx?|jpe?g|png|txt)\.[a-z0-9]{2,5}$/.test(name);
  const kind = FILE_KINDS.find(({ pattern }) => pattern.test(name));
  if (kind !== undefined) return { what: kind.what, disguised: twice };
  const says = part.type;
  if (/\b(?:javascript|x-msdownload|x-ms-shortcut|x-sh|vnd\.ms-.*macroenabled)/.test(says))
    return plain('file-program');
  if (part.fileName !== '' && says === 'text/html') return plain('file-web-page');
  return null;
}

/** D14. The file is for disarm in any case; the strength says whether to open the mail's story at all. */
export function detectFiles(given: Case, proof: Proof | null): Evidence[] {
  const found: Evidence[] = [];
  for (const file of given.message.files.slice(0, 50)) {
    const danger = dangerOf(file);
    if (danger === null) continue;
    const archive = danger.what === 'file-archive' && !danger.disguised;
    const marks: Mark[] = [mark('file name', file.fileName === '' ? file.type : file.fileName)];
    found.push(
      evidence(
        'D14',
        proof !== null || archive ? 'info' : 'stop',
        say(danger.disguised ? 'carries-disguised-file' : 'carries-file', {
          what: say(danger.what),
        }),
        marks,
      ),
    );
    if (found.length >= 10) break;
  }
  return found;
}

const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

/** The day in English words, and as a time for other languages. */
const dated = (party: string, ms: number): { party: string; day: string; ms: number } => ({
  party,
  day: DATE.format(ms),
  ms,
});

/** D15: rules that the party posted in its directory. */
export function detectPolicies(given: Case, claims: Claims, proof: Proof | null): Evidence[] {
  if (claims.address === null) return [];
  const { party, message } = given;
  const name = party.directory.party;
  const found: Evidence[] = [];
  const after = (sinceMs: number | null): sinceMs is number =>
    sinceMs !== null && (message.dateMs ?? given.nowMs) >= sinceMs;
  const noFiles = policySince(party, 'no-files');
  const files = message.files.filter(
    (file) => file.fileName !== '' || file.disposition === 'attachment',
  );
  if (after(noFiles) && files.length > 0)
    found.push(
      evidence(
        'D15',
        'stop',
        say('rule-no-files', dated(name, noFiles)),
        files
          .slice(0, 5)
          .map((file) => mark('file name', file.fileName === '' ? file.type : file.fileName)),
      ),
    );
  const attested = policySince(party, 'always-attested');
  if (after(attested) && given.attestation?.kind === 'unknown')
    found.push(
      evidence(
        'D15',
        proof === null ? 'stop' : 'info',
        say('rule-always-attested', dated(name, attested)),
      ),
    );
  const signed = policySince(party, 'always-signed');
  if (
    after(signed) &&
    given.authentication?.signatures.every(({ result }) => result !== 'pass') === true
  )
    found.push(
      evidence(
        'D15',
        proof === null ? 'stop' : 'info',
        say('rule-always-signed', dated(name, signed)),
      ),
    );
  return found;
}
