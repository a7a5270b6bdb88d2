// A member who cheats: it has a real vault and real keys, and sends what its own desk would never make.

import { readFileSync } from 'node:fs';
import { author, type Act } from '@parley/channel';
import { nativePorts } from '@parley/kernel/node';
import { utf8 } from '@parley/kernel';
import { decodeIdentity } from '@parley/channel';
import { fileKey, newFileKey, planBlob, uploadFile, type FileKey } from '@parley/post';
import { Vault } from '@parley/desk';
import { Context } from '../../packages/desk/src/context.ts';
import { leafBytes } from '../../packages/desk/src/posture-record.ts';
import { sealShare } from '../../packages/desk/src/recovery-shares.ts';
import { statements } from '../../packages/desk/src/statements.ts';
import { PASSPHRASE, TALKS, type Scene } from './stage.ts';

const DAY_MS = 86_400_000;

export class HostileMember {
  readonly #vault: Vault;
  readonly #context: Context;

  constructor(scene: Scene, who: string) {
    const options = { home: scene.path(who), passphrase: utf8(PASSPHRASE) };
    this.#vault = Vault.open(nativePorts, options);
    const stored = this.#vault.get('identity', 'own');
    const identity = stored === undefined ? undefined : decodeIdentity(nativePorts, stored);
    if (identity?.ok !== true) throw new Error('a vault with an identity');
    this.#context = new Context(nativePorts, this.#vault, identity.value, options.home);
  }

  get #card() {
    return this.#context.openCard(TALKS);
  }

  /** Signs and sends an act as it is; answers whether the room's rules let even a cheat make it. */
  async act(act: Act): Promise<string> {
    const { ports, identity } = this.#context;
    const room = this.#context.room(this.#card);
    const made = await author(ports, room, identity, act);
    if (!made.ok) return made.reason;
    this.#context.putRoom(made.value.state);
    const { expectedSeq, envelope } = made.value;
    const stored = await this.#context.log(this.#card).append({ expectedSeq, envelope });
    return stored.ok ? 'sent' : stored.reason;
  }

  /** Answers who asks for shares with one of its own making, which says of itself that one is enough. */
  async giveShare(deviceId: string): Promise<string> {
    const context = this.#context;
    const room = context.room(this.#card);
    const to = room.transcript.devices.get(deviceId);
    const asked = [...statements(context, this.#card, ['recovery-asked'])].at(-1);
    if (to === undefined || asked === undefined) throw new Error('somebody asks');
    const share = new Uint8Array(65).fill(7);
    const made = { authority: context.ownParty(this.#card), needed: 1, share };
    const sealed = sealShare(nativePorts, to, made);
    if (sealed === undefined) throw new Error('a device has a key to seal to');
    return this.act({ kind: 'recovery-given', request: leafBytes(asked.leaf), sealed });
  }

  /** Puts bytes into the log that are no envelope at all. */
  async post(envelope: Uint8Array): Promise<void> {
    const room = this.#context.room(this.#card);
    const expectedSeq = room.seq + 1;
    const stored = await this.#context.log(this.#card).append({ expectedSeq, envelope });
    if (!stored.ok) throw new Error(stored.reason);
  }

  /** Uploads a file under a fresh key, without an entry. */
  async upload(path: string): Promise<{ key: FileKey; bytes: Uint8Array; sha256: Uint8Array }> {
    const bytes = Uint8Array.from(readFileSync(path));
    const key = newFileKey(nativePorts);
    const source = (async function* one() {
      yield bytes;
    })();
    const expiresMs = Date.now() + DAY_MS;
    const log = this.#context.log(this.#card);
    const uploaded = await uploadFile(log, { key, size: bytes.length, source, expiresMs });
    if (!uploaded.ok) throw new Error(uploaded.reason);
    return { key, bytes, sha256: uploaded.value.sha256 };
  }

  close(): void {
    this.#vault.close();
  }
}

/** An honest description of an uploaded file, to be falsified. */
export function description(
  name: string,
  file: { key: FileKey; bytes: Uint8Array; sha256: Uint8Array },
): Extract<Act, { kind: 'document' }> {
  const plan = planBlob(file.bytes.length);
  return {
    kind: 'document',
    name,
    size: file.bytes.length,
    sha256: file.sha256,
    mediaType: 'application/pdf',
    blob: {
      id: file.key.blob,
      chunks: plan.chunks,
      key: file.key.secret,
      sealedSize: plan.sealedSize,
    },
  };
}

export const otherKey = (): FileKey =>
  fileKey(nativePorts.crypto, nativePorts.randomness.bytes(32));
