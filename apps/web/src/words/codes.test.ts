import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CODES } from './code-list.ts';
import { sentenceFor, sentencesOf } from './codes.ts';
import { splitHidden } from './hidden.ts';
import { LANGUAGES } from './languages.ts';
import { SCRIPT_OF } from './test-support.ts';

const FOLDERS = ['../../../../packages/desk/src/', '../server/', '../page/'].map((folder) =>
  fileURLToPath(new URL(folder, import.meta.url)),
);

/** What only the command line asks for: mailboxes, couriers, releases, bringing, restarts, the record's files. */
const COMMAND_LINE_ONLY = new Set([
  'account-exists',
  'another-relay-key',
  'bad-account',
  'bad-relay-token',
  'bundle-another-history',
  'bundle-too-new',
  'caucus-of-one',
  'courier-history-differs',
  'day-sealed',
  'file-missing',
  'no-addressees',
  'no-such-account',
  'no-such-change',
  'nothing-in-common',
  'nothing-kept',
  'nothing-to-restart',
  'password-file',
  'restart-other-history',
  'second-member',
  'not-asked',
]);
/** Answers that no page of ours can see: to another origin, or to an address that is none. */
const UNSEEN = new Set(['wrong-host', 'wrong-origin', 'not-found']);
/** The panel of talks off the record has sentences of its own. */
const OFF_RECORD = /^off-record/;

/** Codes that are written out where something is refused, by file. */
function codesIn(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(folder)) {
    if (!/\.tsx?$/.test(name) || name.includes('.test.') || OFF_RECORD.test(name)) continue;
    const text = readFileSync(`${folder}${name}`, 'utf8');
    const made = text.matchAll(
      /new (?:DeskRefusal\(\s*'[a-z-]+'|PageRefusal\(\s*\d+|Fault\()\s*,?\s*'([a-z-]+)',/g,
    );
    for (const [, code = ''] of made) found.set(code, name);
  }
  return found;
}

/** Codes that are put together where something is refused: of what, and the type that names the rest. */
const DERIVED = [
  ['invitation-', '../../../../packages/channel/src/invitation.ts', 'InvitationReason'],
  ['', '../../../../packages/channel/src/verification.ts', 'CodeReason'],
] as const;
/** Reasons of a code that end the ceremony: they are a mismatch, which has a code of its own. */
const MISMATCHES = new Set(['unknown-party', 'other-key-for-us']);

describe('sentences by code', () => {
  it.each(DERIVED)('are there for every %s… of %s', (beginning, file, type) => {
    const text = readFileSync(fileURLToPath(new URL(file, import.meta.url)), 'utf8');
    const [, union = ''] = new RegExp(`type ${type} =([^;]+);`).exec(text) ?? [];
    const reasons = [...union.matchAll(/'([a-z-]+)'/g)].map(([, reason = '']) => reason);
    expect(reasons.length).toBeGreaterThan(2);
    const known = new Set<string>(CODES);
    const missing = reasons.filter(
      (reason) => !MISMATCHES.has(reason) && !known.has(beginning + reason),
    );
    expect(missing).toEqual([]);
  });

  it('know every way in which a code is put together', () => {
    const parts = FOLDERS.flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => /\.tsx?$/.test(name) && !name.includes('.test.'))
        .flatMap((name) => [
          ...readFileSync(`${folder}${name}`, 'utf8').matchAll(
            /DeskRefusal\(\s*'[a-z-]+',\s*`([a-z-]+)\$\{/g,
          ),
        ])
        .map(([, beginning = '']) => beginning),
    );
    // Bundles, directories and postures that refuse an address come to the command line alone; a relay's own reasons share
    // one sentence; names and originals have theirs in the list.
    expect([...new Set(parts)].toSorted()).toEqual([
      'bad-',
      'bundle-',
      'directory-',
      'invitation-',
      'original-',
      'posture-',
      'relay-',
    ]);
  });

  it('are there for every code that a page can meet', () => {
    const codes = new Map(FOLDERS.flatMap((folder) => [...codesIn(folder)]));
    expect(codes.size).toBeGreaterThan(80);
    const known = new Set<string>(CODES);
    const missing = [...codes].filter(
      ([code]) => !known.has(code) && !COMMAND_LINE_ONLY.has(code) && !UNSEEN.has(code),
    );
    expect(missing).toEqual([]);
  });

  it.each(LANGUAGES.filter((language) => language !== 'en'))(
    'are in the script of %s',
    async (language) => {
      const own = SCRIPT_OF[language];
      const sentences = await sentencesOf(language);
      for (const code of CODES) {
        const said = sentenceFor(sentences, code) ?? '';
        expect(said, code).toMatch(own);
        expect(
          splitHidden(said).some(({ hidden }) => hidden),
          code,
        ).toBe(false);
      }
    },
  );

  it('are none for English, whose readers get the words of the desk, nor for a code that nobody knows', async () => {
    expect(await sentencesOf('en')).toBeUndefined();
    expect(sentenceFor(await sentencesOf('fr'), 'toString')).toBeUndefined();
  });
});
