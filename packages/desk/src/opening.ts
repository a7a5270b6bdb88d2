// Whose desk a vault is: the identity in it, or the one that its officers have still to certify.

import { Fault, type Ports } from '@parley/kernel';
import { decodeIdentity, encodeIdentity, type Identity } from '@parley/channel';
import {
  askAsNewDevice,
  awaitsIdentity,
  fetchIdentity,
  notCertifiedYet,
  readFellowInvitation,
  type FellowshipAsked,
} from './fellowship.ts';
import { Vault, type VaultOptions } from './vault.ts';

const IDENTITY = 'identity';

export type Opened = { readonly vault: Vault; readonly identity: Identity };

export function keepIdentity(vault: Vault, identity: Identity): void {
  vault.put(IDENTITY, 'own', encodeIdentity(identity));
}

function identityIn(ports: Ports, vault: Vault): Identity {
  const stored = vault.get(IDENTITY, 'own');
  if (stored === undefined && awaitsIdentity(vault)) throw notCertifiedYet(vault);
  const identity = stored === undefined ? undefined : decodeIdentity(ports, stored);
  if (identity?.ok === true) return identity.value;
  throw new Fault('vault-damaged', 'The vault holds no identity: its set-up was cut off.', {
    nextAction: 'move the directory away and run "parley init" again',
  });
}

/** Opens a vault and reads whose it is; the vault is closed again where that is refused. */
export function openVault(ports: Ports, options: VaultOptions): Opened {
  const vault = Vault.open(ports, options);
  try {
    return { vault, identity: identityIn(ports, vault) };
  } catch (error) {
    vault.close();
    throw error;
  }
}

/** As `openVault`; where the identity is still awaited, the box of the invitation is looked into first. */
export async function enterVault(ports: Ports, options: VaultOptions): Promise<Opened> {
  const vault = Vault.open(ports, options);
  try {
    if (awaitsIdentity(vault))
      await fetchIdentity({ ports, vault }, (identity) => keepIdentity(vault, identity));
    return { vault, identity: identityIn(ports, vault) };
  } catch (error) {
    vault.close();
    throw error;
  }
}

/** A new vault with this device's keys, which asks in the box of an officer's invitation to be certified. */
export async function createInvitedVault(
  ports: Ports,
  options: VaultOptions,
  { invited, label }: { invited: string; label: string },
): Promise<FellowshipAsked> {
  const from = await readFellowInvitation({ ports }, invited);
  const vault = Vault.create(ports, options);
  try {
    return await askAsNewDevice({ ports, vault }, from, label);
  } finally {
    vault.close();
  }
}
