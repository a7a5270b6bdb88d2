// What every part of an open desk shares: the ports, the vault, who we are, and the files at rest.

import { join } from 'node:path';
import { Fault, toHex, type Ports } from '@parley/kernel';
import { decodeRoom, encodeRoom, ownParty, type Identity, type Room } from '@parley/channel';
import { RelayClient, capabilityId, logId, type RelayLog } from '@parley/post';
import type { Fingerprint } from '@parley/record';
import { Cards, type Card } from './card.ts';
import { Identities } from './identities.ts';
import { DeskRefusal } from './refusal.ts';
import { channelOf, isRoomName, stillAsking } from './room-name.ts';
import { relayTokenFor } from './relay-token.ts';
import { SealedFiles } from './sealed-files.ts';
import type { Vault } from './vault.ts';
import { isVerifiedBy } from './views.ts';

const ROOM = 'room';

export class Context {
  readonly ports: Ports;
  readonly vault: Vault;
  readonly identities: Identities;
  readonly home: string;
  readonly cards: Cards;
  readonly originals: SealedFiles;
  readonly safeCopies: SealedFiles;

  constructor(ports: Ports, vault: Vault, identity: Identity, home: string) {
    this.ports = ports;
    this.vault = vault;
    this.identities = new Identities(ports, vault, identity);
    this.home = home;
    this.cards = new Cards(vault);
    this.originals = new SealedFiles(ports, join(home, 'quarantine'));
    this.safeCopies = new SealedFiles(ports, join(home, 'safe-copies'));
  }

  /** Who this desk is in whatever it founds or enters now. */
  get identity(): Identity {
    return this.identities.newest;
  }

  /** Who this desk is in a room that it is in: its certificate there may be an older one. */
  identityIn(room: Pick<Room, 'device'>): Identity {
    return this.identities.of(toHex(room.device)) ?? this.identity;
  }

  /** Who this desk is for a party of this authority; without one, who it is now. */
  identityFor(party: Uint8Array | undefined): Identity {
    return (party === undefined ? undefined : this.identities.by(party)) ?? this.identity;
  }

  /** Whether a device is this one, under whichever certificate. */
  isOwn(deviceId: Uint8Array): boolean {
    return this.identities.of(toHex(deviceId)) !== undefined;
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
      message: `"${name}": ${stillAsking(name)}.`,
      next: isRoomName(name)
        ? 'nobody has to be asked: their next "parley sync" lets this desk in, then yours brings the room'
        : `ask them to run "parley channel admit", then run "parley sync ${name}"`,
    });
  }

  /** The plenary that a room belongs to; a plenary's own card. */
  plenaryOf(card: Pick<Card, 'name'>): OpenCard {
    return this.openCard(channelOf(card.name));
  }

  /**
   * Where it stands who has been verified. A room of some parties has no ceremony of its own: their plenary answers. A
   * channel that went on after a fork answers by its earlier record until the parties are compared anew.
   */
  verifies(card: OpenCard, other: Uint8Array): boolean {
    const room = this.room(isRoomName(card.name) ? this.plenaryOf(card) : card);
    const own = ownParty(room, this.identity);
    const { transcript } = room;
    if (isVerifiedBy(transcript, own, other)) return true;
    const { earlier } = transcript.terms;
    const before = earlier === null ? undefined : this.roomNamed(earlier.room);
    return before !== undefined && isVerifiedBy(before.transcript, own, other);
  }

  /** One channel that we are in, or all of them. */
  openCards(name?: string): OpenCard[] {
    if (name !== undefined) return [this.openCard(name)];
    const open = this.cards.all().filter((card) => card.room !== null);
    return open.map((card) => this.openCard(card.name));
  }

  /** A room in the vault by its id, whatever card it has by now. */
  roomNamed(id: Uint8Array): Room | undefined {
    const stored = this.vault.get(ROOM, toHex(id));
    const room = stored === undefined ? undefined : decodeRoom(this.ports.crypto, stored);
    return room?.ok === true ? room.value : undefined;
  }

  /** Our party as this room knows it: its authority may have changed since this device was certified. */
  ownParty(card: OpenCard): Fingerprint {
    return ownParty(this.room(card), this.identity);
  }

  room(card: OpenCard): Room {
    const room = this.roomNamed(card.room);
    if (room !== undefined) return room;
    throw new Fault('vault-damaged', 'The room of this channel cannot be read from the vault.', {
      nextAction: 'restore the vault from your backup, or ask to be admitted again',
    });
  }

  putRoom(room: Room): void {
    this.vault.put(ROOM, toHex(room.room), encodeRoom(room));
  }

  client(card: Pick<Card, 'relay' | 'relayKey'>): RelayClient {
    const token = relayTokenFor(this.vault, card.relay);
    const { relay: url, relayKey } = card;
    return new RelayClient({ url, relayKey, ports: this.ports, ...token });
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
