// Every sample of the demo by name, with what it does: the files and their README come from this one list.

import { utf8 } from './bytes.ts';
import { docxThatActs } from './docx.ts';
import { hostilePdf, polyglot } from './hostile-pdf.ts';
import { jpegWithGps } from './jpeg.ts';
import { forgedMail } from './mail.ts';
import { pngWithMetadata } from './png.ts';
import { noteWithHiddenCharacters } from './text.ts';

export type Sample = {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** One sentence: what it does to a reader who opens it. */
  readonly does: string;
};

const LIST: readonly (Omit<Sample, 'bytes'> & { readonly make: () => Uint8Array })[] = [
  {
    name: 'draft-agenda.pdf',
    make: hostilePdf,
    does:
      'Three readable pages with a drawing. Runs JavaScript when opened and when closed, starts a program, submits a ' +
      'form, links to another place than it says and to a file share, carries an attachment and a hidden comment. ' +
      'Hides white, invisible, tiny, covered and off-page text, names its author, and keeps a sentence that was withdrawn.',
  },
  {
    name: 'order-of-speakers.pdf',
    make: polyglot,
    does: 'A polyglot: one page to a PDF reader, a ZIP archive with a script to an unpacker.',
  },
  {
    name: 'seating-plan.png',
    make: pngWithMetadata,
    does: 'A picture that names its author, a file share, a camera and a place, with data after its end.',
  },
  {
    name: 'harbour.jpg',
    make: jpegWithGps,
    does: 'A picture whose EXIF names its owner, the time and the place by GPS; a comment; bytes after its end.',
  },
  {
    name: 'note-to-registrar.txt',
    make: noteWithHiddenCharacters,
    does:
      'Plain text that shows an account number backwards and another file ending than there is, with letters of ' +
      'another alphabet, zero-width marks that number the copy, and a sentence in invisible tag characters.',
  },
  {
    name: 'rules-of-procedure.docx',
    make: docxThatActs,
    does:
      'A Word document without a macro: a DDE field starts a program, a template and a picture are fetched from ' +
      'outside, a link opens another address than it shows. Comments, tracked changes and hidden text tell what was meant.',
  },
  {
    name: 'changed-place.eml',
    make: forgedMail,
    does:
      'A mail from a look-alike domain (a 1 for an l) with the real address in its display name, an answer address ' +
      'at a free provider, a link that lies and a picture that reports the reading.',
  },
];

function readme(samples: readonly Sample[]): string {
  return [
    '# Samples',
    '',
    'Files for `parley demo` and for trying things out. Each is hostile in kind and harmless in fact: programs do not',
    'exist, addresses end in `.invalid` or are a closed port of this machine, scripts only show a message. All of them',
    'are made byte by byte by our own generator, so that each byte can be explained; none is copied from anywhere.',
    '',
    '| file | what it does to a reader who opens it |',
    '|---|---|',
    ...samples.map(({ name, does }) => `| \`${name}\` | ${does} |`),
    '',
    'Make them again, byte for byte the same (a test compares):',
    '',
    '```sh',
    'npx node tools/make-samples.ts',
    '```',
    '',
    'Files that no client should survive by luck (encrypted, broken, endless, far too large) are not committed. They are',
    'made where they are needed, by `npx node tools/make-bad-samples.ts DIR`.',
    '',
  ].join('\n');
}

/** Every file of `samples/`, its README included. Same answer on every machine: no clock, no chance, no zlib. */
export function samples(): Sample[] {
  const made = LIST.map(({ name, make, does }) => ({ name, bytes: make(), does }));
  return [...made, { name: 'README.md', bytes: utf8(readme(made)), does: 'This list.' }];
}
