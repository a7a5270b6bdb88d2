// A party that has changed its authority certifies its devices anew: whoever holds the new key gives each of them its
// certificate for the same keys. In the rooms of before a device goes on by the certificate that their records have.

import { sameBytes, toHex, utf8 } from '@parley/kernel';
import { certifiedAnew } from '@parley/channel';
import {
  activeDevices,
  fingerprint,
  issueCertificate,
  maySign,
  partyOfAuthority,
  type Device,
  type Fingerprint,
  type SignedCertificate,
} from '@parley/record';
import { authorityKey, isAuthority, nextAuthorityKey } from './authority-key.ts';
import type { Context, OpenCard } from './context.ts';
import { DeskRefusal } from './refusal.ts';

const GIVEN = 'certificate-given';

/**
 * Certifies every device of our party in this channel that has an older authority's certificate, and hands each of them
 * to `leave`, but our own. Gives how many.
 */
export async function certifyAnew(
  context: Context,
  plenary: OpenCard,
  leave: (to: Device, certificate: SignedCertificate) => Promise<void>,
): Promise<number> {
  const { ports, vault } = context;
  const { transcript } = context.room(plenary);
  const own = context.ownParty(plenary);
  const keys = [authorityKey(context), nextAuthorityKey(context)];
  const key = keys.find((one) => one !== null && isAuthority(context, one, own));
  if (key === undefined || key === null) return 0;
  let given = 0;
  for (const device of activeDevices(transcript, own)) {
    const { certificate, member } = device;
    const current = sameBytes(fingerprint(ports.crypto, certificate.authority), own);
    const mark = `${toHex(own)}:${toHex(ports.crypto.hash('sha256', certificate.signer))}`;
    if (current || !maySign(device) || vault.get(GIVEN, mark) !== undefined) continue;
    const signed = issueCertificate(ports.crypto, key.secretKey, {
      ...certificate,
      authority: key.publicKey,
      member,
      issuedMs: ports.clock.nowMs(),
    });
    if (context.isOwn(device.id)) takeCertificate(context, plenary, signed);
    else await leave(device, signed);
    vault.put(GIVEN, mark, utf8('given'));
    given++;
  }
  return given;
}

/** Keeps a certificate for this device's keys by the authority that our party has now; false where it is none. */
export function takeCertificate(
  context: Context,
  plenary: OpenCard,
  certificate: SignedCertificate,
): boolean {
  const { identities, ports } = context;
  const made = certifiedAnew(ports, identities.first, certificate, context.ownParty(plenary));
  if (!made.ok) return false;
  identities.keep(made.value);
  return true;
}

/**
 * Refuses to found or enter anything new with a certificate of an authority that the party has given up: nobody there
 * would take this device for one of the party. `wanted` is the authority that the party has in a channel.
 */
export function requireCurrentCertificate(context: Context, wanted?: Uint8Array): void {
  const { party } = context.identityFor(wanted);
  const outdated =
    wanted === undefined
      ? context.openCards().some((card) => isGivenUp(context, card, party))
      : !sameBytes(party, wanted);
  if (!outdated) return;
  throw new DeskRefusal('waiting', 'certificate-outdated', {
    message:
      'Your party has changed its authority, and this desk has no certificate by the new one yet. It works on in its channels, and enters no new ones.',
    next: 'run "parley sync" at the desk that holds the new authority (parley party show names it there), then here',
  });
}

/** Whether our party had this authority in a channel and has another there now. */
function isGivenUp(context: Context, card: OpenCard, party: Fingerprint): boolean {
  if (card.frozen !== null) return false;
  const named = partyOfAuthority(context.room(card).transcript, party);
  return named !== undefined && !sameBytes(named.fingerprint, party);
}
