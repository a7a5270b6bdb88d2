// What the desk says no to: by a rule, because someone else has to act first, or because something was tampered with.

export type RefusalNature = 'wrong-use' | 'policy' | 'waiting' | 'tampering';

/** Thrown to the apps, which show it and turn its nature into an exit code or a screen. */
export class DeskRefusal extends Error {
  readonly nature: RefusalNature;
  readonly code: string;
  readonly next: string | undefined;
  readonly data: Record<string, unknown>;

  constructor(
    nature: RefusalNature,
    code: string,
    said: { message: string; next?: string; data?: Record<string, unknown> },
  ) {
    super(said.message);
    this.name = 'DeskRefusal';
    this.nature = nature;
    this.code = code;
    this.next = said.next;
    this.data = said.data ?? {};
  }
}

/** What a device is told that a commit has taken out of a room; `detail` says by whom. */
export function removedRefusal(detail: string): DeskRefusal {
  if (detail.endsWith('its member is suspended')) {
    return new DeskRefusal('policy', 'suspended', {
      message:
        'The member of this desk is suspended: it says and reads nothing here until it is resumed.',
      next: 'ask an officer of your party to resume you and for an invitation: parley party join',
    });
  }
  return new DeskRefusal('policy', 'removed', {
    message:
      'This device was removed from the channel. It keeps what it read; it reads nothing newer.',
    next: 'ask an officer of your party for an invitation of a new device: parley party invite',
  });
}

/** What a desk is told that meets a key change of its own which its vault does not hold. */
export function lostState(room: { name: string; detail: string; readable?: number }): DeskRefusal {
  const { name, detail, readable } = room;
  const entries = readable === undefined ? 'what is here already' : `the first ${readable} entries`;
  return new DeskRefusal('policy', 'lost-state', {
    message: `This vault is older than what this device did (${detail}): it was restored from an old copy, or another holds its keys. You can read ${entries} of "${name}", and nothing newer.`,
    next: 'have an officer of your party remove this device (parley channel remove) and invite you anew: parley party invite',
    data: { frozen: true, readable: readable ?? null },
  });
}
