// What every part of an open desk shares: the ports, the vault, who we are, and the files at rest.

import { join } from 'node:path';
import { Fault, toHex, type Ports } from '@parley/kernel';
import { decodeRoom, encodeRoom, type Identity, type Room } from '@parley/channel';
import { RelayClient, capabilityId, logId, type RelayLog } from '@parley/post';
import { Cards, type Card } from './card.ts';
import { DeskRefusal } from './refusal.ts';
import { SealedFiles } from './sealed-files.ts';
import type { Vault } from './vault.ts';

const ROOM = 'room';

export class Context {
  readonly ports: Ports;
  readonly vault: Vault;
  readonly identity: Identity;
  readonly home: string;
  readonly cards: Cards;
  readonly originals: SealedFiles;
  readonly safeCopies: SealedFiles;

  constructor(ports: Ports, vault: Vault, identity: Identity, home: string) {
    this.ports = ports;
    this.vault = vault;
    this.identity = identity;
    this.home = home;
    this.cards = new Cards(vault);
    this.originals = new SealedFiles(ports, join(home, 'quarantine'));
    this.safeCopies = new SealedFiles(ports, join(home, 'safe-copies'));
  }

  /** The card of a channel, or a refusal that lists the names there are. */
  card(name: string): Card {
    const card = this.cards.get(name);
    if (card !== undefined) return card;
    const names = this.cards.all().map((one) => one.name);
    throw new DeskRefusal('wrong-use', 'no-such-channel', {
      message: `This desk has no channel named "${name}".`,
      next:
        names.length === 0
          ? 'run "parley channel new" or "parley channel join"'
          : `there is: ${names.join(', ')}`,
    });
  }

  /** The card of a channel that we are in, with what is only known then. */
  openCard(name: string): OpenCard {
    const card = this.card(name);
    const { room, capability } = card;
    if (room !== null && capability !== null) return { ...card, room, capability };
    throw new DeskRefusal('waiting', 'not-admitted-yet', {
      message: `You asked to join "${name}"; the other side has not admitted you yet.`,
      next: `ask them to run "parley channel admit", then run "parley sync ${name}"`,
    });
  }

  /** One channel that we are in, or all of them. */
  openCards(name?: string): OpenCard[] {
    if (name !== undefined) return [this.openCard(name)];
    const open = this.cards.all().filter((card) => card.room !== null);
    return open.map((card) => this.openCard(card.name));
  }

  room(card: OpenCard): Room {
    const stored = this.vault.get(ROOM, toHex(card.room));
    const room = stored === undefined ? undefined : decodeRoom(this.ports.crypto, stored);
    if (room?.ok === true) return room.value;
    throw new Fault('vault-damaged', 'The room of this channel cannot be read from the vault.', {
      nextAction: 'restore the vault from your backup, or ask to be admitted again',
    });
  }

  putRoom(room: Room): void {
    this.vault.put(ROOM, toHex(room.room), encodeRoom(room));
  }

  client(card: Pick<Card, 'relay' | 'relayKey'>): RelayClient {
    return new RelayClient({ url: card.relay, relayKey: card.relayKey, ports: this.ports });
  }

  log(card: OpenCard): RelayLog {
    const { id, key } = card.capability;
    return this.client(card).log(logId(card.room), { id: capabilityId(id), key });
  }
}

export type OpenCard = Card & {
  readonly room: Uint8Array;
  readonly capability: { readonly id: Uint8Array; readonly key: Uint8Array };
};
