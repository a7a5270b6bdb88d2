// Mailboxes that this desk may read over IMAP: their passwords lie in the vault, and no view shows them.

import {
  Fault,
  boolean,
  decode,
  encode,
  struct,
  text,
  uint,
  utf8,
  type Decoded,
} from '@parley/kernel';
import { tryAccess, type FolderPosition, type ImapAccess } from '@parley/mail/node';
import type { Context } from './context.ts';
import { DeskRefusal } from './refusal.ts';

const ACCOUNTS = 'mail-account';
const POSITIONS = 'mail-position';

const accountCodec = struct({
  name: text(60),
  host: text(253),
  port: uint(65_535),
  secure: boolean(),
  user: text(320),
  password: text(1000),
});
const positionCodec = struct({ uidValidity: text(20), lastUid: uint(4_294_967_295) });

export type MailAccount = Omit<Decoded<typeof accountCodec>, 'password'>;

function shown({ name, host, port, secure, user }: MailAccount): MailAccount {
  return { name, host, port, secure, user };
}

function fits(written: string, maxBytes: number): boolean {
  return written !== '' && utf8(written.toWellFormed()).length <= maxBytes;
}

function read<T>(verdict: { ok: true; value: T } | { ok: false }): T {
  if (verdict.ok) return verdict.value;
  throw new Fault('vault-damaged', 'What is known of a mailbox cannot be read from the vault.', {
    nextAction: 'restore the vault from your backup',
  });
}

export class MailAccounts {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  #find(name: string): Decoded<typeof accountCodec> {
    const stored = this.#context.vault.get(ACCOUNTS, name);
    if (stored !== undefined) return read(decode(accountCodec, stored));
    const names = this.list().map((account) => account.name);
    throw new DeskRefusal('wrong-use', 'no-such-account', {
      message: `There is no mail account "${name}".`,
      next:
        names.length === 0
          ? 'add one with "parley mail account add"'
          : `use one of ${names.join(', ')}`,
    });
  }

  /** Keeps an account. Unless `unchecked`, it logs in first, so that a wrong password is not kept. */
  async add(
    account: MailAccount & { readonly password: string },
    options: { readonly unchecked: boolean },
  ): Promise<MailAccount> {
    const { vault } = this.#context;
    if (!/^[\p{L}\p{N}._@-]{1,60}$/u.test(account.name))
      throw new DeskRefusal('wrong-use', 'bad-name', {
        message: 'An account has a name of 1 to 60 letters, digits, dots and dashes.',
      });
    if (vault.get(ACCOUNTS, account.name) !== undefined)
      throw new DeskRefusal('wrong-use', 'account-exists', {
        message: `There is a mail account "${account.name}" already.`,
        next: 'remove it first, or choose another name',
      });
    const { host, user, password } = account;
    if (!fits(host, 253) || !fits(user, 320) || !fits(password, 1000))
      throw new DeskRefusal('wrong-use', 'bad-account', {
        message: 'The host, the user name or the password is empty or too long.',
        next: 'give them again',
      });
    if (!options.unchecked) await tryAccess(account);
    vault.put(ACCOUNTS, account.name, encode(accountCodec, account));
    return shown(account);
  }

  list(): MailAccount[] {
    return this.#context.vault
      .list(ACCOUNTS)
      .map((value) => shown(read(decode(accountCodec, value))))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Forgets the account with its password. How far its folders were attested stays, so that nothing is attested twice. */
  remove(name: string): void {
    this.#find(name);
    this.#context.vault.remove(ACCOUNTS, name);
  }

  /** How to log in: for what reads the mailbox, never for a screen. */
  access(name: string): ImapAccess {
    const { host, port, secure, user, password } = this.#find(name);
    return { host, port, secure, user, password };
  }

  /** How far a purpose (such as attesting into one room) has read a folder of an account. */
  position(place: readonly string[]): FolderPosition | null {
    const stored = this.#context.vault.get(POSITIONS, this.#placeName(place));
    return stored === undefined ? null : read(decode(positionCodec, stored));
  }

  keepPosition(place: readonly string[], position: FolderPosition): void {
    this.#context.vault.put(POSITIONS, this.#placeName(place), encode(positionCodec, position));
  }

  #placeName(place: readonly string[]): string {
    return place.map((piece) => `${utf8(piece).length}:${piece}`).join(' ');
  }
}
