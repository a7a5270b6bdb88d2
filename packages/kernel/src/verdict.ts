// A verdict is what a stranger's bytes may cause: a value, never an exception.

export type Accepted<T> = { readonly ok: true; readonly value: T };

export type Refused<R extends string> = {
  readonly ok: false;
  readonly reason: R;
  /** Where it went wrong: a byte offset, an entry number, a page, as the refusing function says. */
  readonly at?: number;
  /** One plain sentence for the local log; it may quote names from the bytes, so never send it to a peer. */
  readonly detail?: string;
};

export type Verdict<T, R extends string> = Accepted<T> | Refused<R>;

export function accept<T>(value: T): Accepted<T> {
  return { ok: true, value };
}

export function refuse<R extends string>(
  reason: R,
  where: { at?: number; detail?: string } = {},
): Refused<R> {
  return { ok: false, reason, ...where };
}
