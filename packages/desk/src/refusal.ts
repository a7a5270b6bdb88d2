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
