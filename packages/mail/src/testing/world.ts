// A counterpart for tests: its directory, its key, and mails that are or only seem its own.

import { generateKeyPairSync } from 'node:crypto';
import { dkimSign } from 'mailauth/lib/dkim/sign.js';
import type { Directory } from '../directory/directory.ts';
import { readDirectoryJson } from '../directory/directory-text.ts';
import type { DetectorId } from '../screen/evidence.ts';
import { screen, type ScreenOptions, type Screening } from '../screen/screen.ts';

export const NOW = Date.UTC(2026, 10, 21, 12);
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
export const RECORD = `v=DKIM1; k=ed25519; p=${publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64')}`;

export function directoryWith(more: Record<string, unknown> = {}): Directory {
  const read = readDirectoryJson(
    {
      party: 'Ministry',
      issued: '2026-11-01',
      domains: ['mofa.example.org', 'foreignoffice.org'],
      people: [
        {
          name: 'Kim Jong-su',
          aliases: ['김종수', '金鍾洙', 'Ким Чон Су', 'كيم جونغ سو'],
          addresses: ['kim@mofa.example.org', 'kim.private@free.example'],
        },
      ],
      keys: [{ domain: 'mofa.example.org', selector: 's', record: RECORD }],
      relays: ['lists.forum.example'],
      ...more,
    },
    NOW,
  );
  if (!read.ok) throw new Error(read.detail ?? read.reason);
  return read.value;
}

export const directory = directoryWith();

export function mail(
  head: string,
  body = 'Dear colleague,\r\n\r\nplease see my remarks.\r\n',
): Buffer {
  const has = (name: string): boolean => new RegExp(`^${name}:`, 'im').test(head);
  const rest = [
    ['To', 'me@our.example'],
    ['Subject', 'Draft'],
    ['Date', 'Sat, 21 Nov 2026 08:00:00 +0000'],
    ['Message-ID', '<1@x.example>'],
  ]
    .filter(([name]) => !has(name ?? ''))
    .map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${head.replace(/\n/g, '\r\n')}\r\n${rest.join('')}\r\n${body}`);
}

export async function sign(bytes: Buffer, signingDomain = 'mofa.example.org'): Promise<Buffer> {
  const options = {
    canonicalization: 'relaxed/relaxed',
    signTime: new Date(NOW - 3_600_000),
    signatureData: [
      {
        signingDomain,
        selector: 's',
        privateKey: String(privateKey.export({ format: 'pem', type: 'pkcs8' })),
      },
    ],
  };
  const made = await dkimSign(bytes, options as unknown as Parameters<typeof dkimSign>[1]);
  return Buffer.concat([Buffer.from(made.signatures), bytes]);
}

export function check(bytes: Uint8Array, more: Partial<ScreenOptions> = {}): Promise<Screening> {
  return screen(bytes, { directories: [directory], nowMs: NOW, ...more });
}

/** Detectors that spoke, stronger than "worth knowing". */
export function spoke(screening: Screening): DetectorId[] {
  return [
    ...new Set(
      screening.evidence
        .filter(({ strength }) => strength !== 'info')
        .map(({ detector }) => detector),
    ),
  ];
}

export const REAL = 'From: Kim Jong-su <kim@mofa.example.org>';
