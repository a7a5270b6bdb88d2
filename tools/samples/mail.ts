// An e-mail that claims to come from the counterpart, from a domain that only looks like theirs.

import { utf8 } from './bytes.ts';

/** The real office is protocol@alpha-mfa.example; here an l is a 1, the answer goes elsewhere, the link lies. */
export function forgedMail(): Uint8Array {
  const lines = [
    'Return-Path: <bounce@mailer.invalid>',
    'Received: from mailer.invalid (mailer.invalid [192.0.2.25])',
    '\tby mx.beta-foreign.example with ESMTP id 4ParleySample1; Sun, 01 Nov 2026 09:00:02 +0000',
    'Date: Sun, 01 Nov 2026 09:00:00 +0000',
    'From: "Protocol Office, Republic of Alpha (protocol@alpha-mfa.example)" <protocol@a1pha-mfa.example>',
    'Reply-To: Protocol Office <alpha.protocol.office@freemail.invalid>',
    'To: registrar@beta-foreign.example',
    'Subject: Changed place of the first session',
    'Message-ID: <parley-sample-1@mailer.invalid>',
    'MIME-Version: 1.0',
    'Content-Type: multipart/alternative; boundary="parley-sample"',
    '',
    '--parley-sample',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Dear colleagues,',
    '',
    'the first session takes place elsewhere. Please confirm your members by tonight:',
    'https://alpha-mfa.example/confirm',
    '',
    'Ana Example, Protocol Office',
    '',
    '--parley-sample',
    'Content-Type: text/html; charset=utf-8',
    '',
    '<p>Dear colleagues,</p>',
    '<p>the first session takes place elsewhere. Please confirm your members by tonight:',
    '<a href="https://collect.invalid/confirm?who=registrar">https://alpha-mfa.example/confirm</a></p>',
    '<p>Ana Example, Protocol Office</p><img src="https://collect.invalid/seen.gif" width="1" height="1">',
    '',
    '--parley-sample--',
    '',
  ];
  return utf8(lines.join('\r\n'));
}
