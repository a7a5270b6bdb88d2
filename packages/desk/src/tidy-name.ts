// Names of parties, members and devices as people may write them.

import { DeskRefusal } from './refusal.ts';

/** One spelling, no hidden characters, not too long; or a refusal that says which name is wrong. */
export function tidyName(what: string, name: string, maxBytes: number): string {
  const tidy = name.normalize('NFC').trim();
  if (tidy !== '' && Buffer.byteLength(tidy) <= maxBytes && !/\p{C}/u.test(tidy)) return tidy;
  throw new DeskRefusal('wrong-use', 'bad-name', {
    message: `The name of the ${what} has 1 to ${maxBytes} bytes and no hidden characters.`,
    next: 'choose another name',
  });
}
