// Hosts that a mail sends its reader to, from anchors and from plain text.

import { getPublicSuffix, parse } from 'tldts';
import { toASCII, toUnicode } from 'tr46';

export type Link = {
  /** ASCII, lower case. */
  readonly host: string;
  /** The host as a reader would see it. */
  readonly shownHost: string;
  /** As written in the mail, cut to 400 characters. */
  readonly target: string;
  /** What the anchor shows; the target itself in plain text. */
  readonly text: string;
};

const LINKS_MAX = 500;
const URL_IN_TEXT = /\b(?:https?|ftp):\/\/[^\s<>"'`]{1,2000}/giu;
const MAILTO = /^\s*mailto:([^?\s]+)/i;
// A bare host in running text; it counts only under a real public suffix.
const HOST_IN_TEXT =
  /(?<![@\p{L}\p{N}._-])(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?\.){1,8}\p{L}{2,24}(?![\p{L}\p{N}@-])/gu;

/** ASCII form of a host name in lower case; null for what no resolver would take. Dots of other scripts count as dots. */
export function asciiHost(host: string): string | null {
  const plain = host
    .trim()
    .replace(/[\u3002\uff0e\uff61]/g, '.')
    .replace(/\.$/, '');
  if (/^[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?$/.test(plain))
    return plain.length <= 253 && !plain.includes('..') ? plain : null;
  if (plain.length === 0 || plain.length > 253) return null;
  const ascii = toASCII(plain, { checkHyphens: false, verifyDNSLength: false });
  return ascii === null || ascii === '' || ascii.includes('..') || /[^a-z0-9._-]/.test(ascii)
    ? null
    : ascii;
}

/** A host with its xn-- labels shown as letters. */
export function shownHost(host: string): string {
  return host.includes('xn--') ? toUnicode(host, { checkHyphens: false }).domain : host;
}

/** The host of a URL as browsers read it: user names before `@`, back slashes, ports and tricks with case undone. */
export function hostOfUrl(target: string): string | null {
  const match = /^\s*([a-z][a-z0-9+.-]*):[\\/]{2,}([^\\/?#]*)/i.exec(
    target.replace(/[\t\r\n]/g, ''),
  );
  const rest = match === null ? /^\s*[\\/]{2}([^\\/?#]*)/.exec(target)?.[1] : match[2];
  if (rest === undefined) return null;
  const afterUser = rest.slice(rest.lastIndexOf('@') + 1).replace(/:\d*$/, '');
  let decoded = afterUser;
  try {
    decoded = decodeURIComponent(afterUser);
  } catch {
    // A stray percent sign: the host stays as written, and asciiHost refuses it.
  }
  return asciiHost(decoded.toLowerCase());
}

/** The host a piece of anchor text names, if it reads as a URL, a host or an address. */
export function hostNamedBy(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed.length > 400 || trimmed === '') return null;
  const url = /^(?:https?:\/\/)/i.test(trimmed) ? hostOfUrl(trimmed) : null;
  if (url !== null) return url;
  const bare =
    /^(?:[\w.+-]{1,64}@)?((?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24})(?:[/?#:][^\s]*)?$/u.exec(
      trimmed,
    );
  const host = bare === null ? null : asciiHost((bare[1] ?? '').toLowerCase());
  return host !== null && isRealHost(host) ? host : null;
}

/** True under a public suffix that exists, and longer than it. */
export function isRealHost(host: string): boolean {
  const parsed = parse(host);
  return parsed.isIcann === true && parsed.domain !== null;
}

/** The name somebody registered: one label and the public suffix; the host itself where there is none. */
export function registrable(host: string): string {
  return parse(host, { allowPrivateDomains: true }).domain ?? host;
}

export function publicSuffix(host: string): string {
  return getPublicSuffix(host) ?? '';
}

function addLink(links: Link[], target: string, text: string, host: string | null): void {
  if (host === null || links.length >= LINKS_MAX) return;
  links.push({ host, shownHost: shownHost(host), target: target.slice(0, 400), text });
}

/** Links of a mail: anchors first, then URLs and bare hosts of the text; at most 500. */
export function readLinks(
  anchors: readonly { readonly text: string; readonly target: string }[],
  text: string,
): readonly Link[] {
  const links: Link[] = [];
  for (const anchor of anchors)
    addLink(links, anchor.target, anchor.text, hostOfUrl(anchor.target));
  const seen = new Set(links.map((link) => link.host));
  for (const match of text.matchAll(URL_IN_TEXT)) {
    const host = hostOfUrl(match[0]);
    if (host !== null && !seen.has(host)) addLink(links, match[0], match[0], host);
    if (host !== null) seen.add(host);
    if (links.length >= LINKS_MAX) return links;
  }
  let looked = 0;
  for (const match of text.matchAll(HOST_IN_TEXT)) {
    if (++looked > 4000) break;
    const host = asciiHost(match[0].toLowerCase());
    if (host === null || seen.has(host)) continue;
    seen.add(host);
    if (isRealHost(host)) addLink(links, match[0], match[0], host);
  }
  return links;
}

/** Addresses that mailto: links would write to. */
export function mailtoAddresses(
  anchors: readonly { readonly target: string }[],
): readonly string[] {
  const found: string[] = [];
  for (const { target } of anchors) {
    const match = MAILTO.exec(target);
    if (match === null || found.length >= 50) continue;
    try {
      found.push(decodeURIComponent(match[1] ?? '').toLowerCase());
    } catch {
      found.push((match[1] ?? '').toLowerCase());
    }
  }
  return found;
}
