// What the operator of a relay gives to those who may make logs there: kept by the relay's address, sealed in the vault.

import { fromUtf8, utf8 } from '@parley/kernel';
import { DeskRefusal } from './refusal.ts';
import type { Vault } from './vault.ts';

const TOKENS = 'relay-token';
const nameOf = (relay: string): string => relay.replace(/\/+$/, '');

/** Keeps a token for a relay. Refuses text that no operator's file can hold: empty, too long, or with spaces. */
export function keepRelayToken(vault: Vault, relay: string, token: string): void {
  const tidy = token.trim();
  if (!/^\S{1,200}$/.test(tidy)) {
    throw new DeskRefusal('wrong-use', 'bad-relay-token', {
      message: 'The token of a relay is one word of at most 200 letters.',
      next: 'give the file as its operator gave it to you',
    });
  }
  vault.put(TOKENS, nameOf(relay), utf8(tidy));
}

/** The option of a client for this relay: the token, where there is one. */
export function relayTokenFor(vault: Vault, relay: string): { createToken?: string } {
  const stored = vault.get(TOKENS, nameOf(relay));
  const read = stored === undefined ? undefined : fromUtf8(stored);
  return read?.ok === true ? { createToken: read.value } : {};
}
