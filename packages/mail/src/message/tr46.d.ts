// The part of tr46 that is used; the package carries no types.
declare module 'tr46' {
  type Options = { checkHyphens?: boolean; verifyDNSLength?: boolean };
  export function toASCII(domain: string, options?: Options): string | null;
  export function toUnicode(domain: string, options?: Options): { domain: string; error: boolean };
}
