// What this device says outside of any room: who it is, and its signature under a line that its own member keeps.

import { hybridSign, toHex } from '@parley/kernel';
import type { Context } from './context.ts';
import type { WhoAmI } from './views.ts';

/** The same words as in the outlook, which checks it; a signature for this is good for nothing else. */
const CORRECTION_PURPOSE = 'parley/v1/outlook-correction';

export type OwnSignature = { readonly key: Uint8Array; readonly signature: Uint8Array };

export function whoIs({ identity }: Context): WhoAmI {
  const { certified, party, deviceId } = identity;
  return {
    party: certified.party,
    member: certified.member,
    device: certified.label,
    fingerprint: toHex(party),
    deviceId: toHex(deviceId),
  };
}

/** Signs a correction of a record in the member's own history. */
export function signCorrection({ identity, ports }: Context, message: Uint8Array): OwnSignature {
  const { publicKey, secretKey } = identity.signer;
  const key = { secretKey, purpose: CORRECTION_PURPOSE };
  return { key: publicKey, signature: hybridSign(ports.crypto, key, message) };
}
