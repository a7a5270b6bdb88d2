// What every answer carries, and which requests are answered at all: our own host name, our own origin, nothing else.

import type { IncomingHttpHeaders } from 'node:http';

/** The page may load its own files and speak to its own origin. It may run no text as a script. */
export function securityHeaders(origin: string, nonce: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    `connect-src 'self' ${origin.replace(/^http/, 'ws')}`,
    // Safe copies of pictures, which the page holds as blobs.
    'img-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(self), geolocation=(), microphone=(), usb=(), serial=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cache-control': 'no-store',
  };
}

/** A name that resolves to us is not us: only the address itself is answered (DNS rebinding). */
export function isOurHost(headers: IncomingHttpHeaders, host: string): boolean {
  return headers.host === host;
}

/** Whether our own page asks. A browser always names the origin of a write and of a WebSocket. */
export function isOurOrigin(headers: IncomingHttpHeaders, origin: string): boolean {
  const site = headers['sec-fetch-site'];
  return headers.origin === origin && (site === undefined || site === 'same-origin');
}

export function bearerOf(headers: IncomingHttpHeaders): string | undefined {
  return /^Bearer ([\w-]{43})$/.exec(headers.authorization ?? '')?.[1];
}
