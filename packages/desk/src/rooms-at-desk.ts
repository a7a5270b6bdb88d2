// What a person does with the rooms of a channel: open one, see them, and move something from one to another.

import { readFileSync } from 'node:fs';
import { audienceOf, type Audience } from './audience.ts';
import type { Context } from './context.ts';
import { discloseFirst, forward, type Disclosure, type ForwardAsked } from './forwarding.ts';
import { channelView, type ChannelView } from './membership.ts';
import { DeskRefusal } from './refusal.ts';
import type { Restart, RestartView, Torn } from './restart.ts';
import { channelOf } from './room-name.ts';
import type { NewRoom, Rooms } from './rooms.ts';
import { requireThawed, type Sent, type Traffic } from './traffic.ts';

export class RoomsAtDesk {
  readonly #context: Context;
  readonly #rooms: Rooms;
  readonly #traffic: Traffic;
  readonly #restart: Restart;

  constructor(context: Context, parts: { rooms: Rooms; traffic: Traffic; restart: Restart }) {
    this.#context = context;
    this.#rooms = parts.rooms;
    this.#traffic = parts.traffic;
    this.#restart = parts.restart;
  }

  /** Opens a room and calls in whoever of the channel belongs there: they are in when their desks have synced. */
  async open(asked: NewRoom): Promise<ChannelView> {
    requireThawed(this.#context.openCard(channelOf(asked.channel)));
    await this.#traffic.exchange(asked.channel);
    const name = await this.#rooms.open(asked, (one) => this.#traffic.exchange(one));
    return channelView(this.#context, this.#context.card(name));
  }

  /** The rooms of a channel that this desk is in or was called into, plenary first. */
  list(channel: string): ChannelView[] {
    this.#context.card(channelOf(channel));
    const names = this.#rooms.of(channelOf(channel));
    return names.map((name) => channelView(this.#context, this.#context.card(name)));
  }

  /** Shows all that forwarding an entry would disclose, and to whom. Nothing is sent. */
  disclose(asked: ForwardAsked): Disclosure {
    return discloseFirst(this.#context, asked);
  }

  /** Says an entry of one room in another, in our own name. Refuses what was not shown by `disclose` just so. */
  async forward(
    asked: ForwardAsked & { onProgress?: (done: number, total: number) => void },
  ): Promise<Disclosure & { readonly sent: Sent }> {
    return forward(this.#context, this.#traffic, asked);
  }

  /**
   * Goes on after a fork, in a channel or in one of its rooms: accepts what another party proposed, or proposes the last
   * checkpoint that both signed, or the one of `size` entries. The earlier record stays here under a name of its own.
   */
  async restart(name: string, size?: number): Promise<RestartView> {
    await this.#rooms.tendPlenary(channelOf(name)).catch(() => []);
    const torn = await this.#tornByRelay(name);
    const made = await this.#restart.act(name, { size, torn });
    if (made.act === 'proposed') {
      await this.#traffic.exchange(name);
      await this.#rooms.tendRoom(name, (one) => this.#traffic.exchange(one));
    }
    return made;
  }

  /** The evidence that the relay shows this desk another history than its own; undefined where it does not. */
  async #tornByRelay(name: string): Promise<Torn | undefined> {
    try {
      await this.#traffic.exchange(name);
      return undefined;
    } catch (error) {
      if (!(error instanceof DeskRefusal) || error.code !== 'relay-rewrote-history')
        return undefined;
      const { evidence } = error.data;
      return { evidence: typeof evidence === 'string' ? readFileSync(evidence) : null };
    }
  }

  /** Who would read what is said in a room now. */
  audience(name: string): Audience {
    return audienceOf(this.#context, this.#context.openCard(name));
  }
}
