// Looking at a document that came in: the safe copy, made first where that is still to be done, and the receipt for it.

import { asLeafHash } from '@parley/record';
import type { Context } from './context.ts';
import type { Documents, SafeCopyView } from './documents.ts';
import { rulesOf, signsReceipts } from './posture-record.ts';
import { entryNumber, type Reading } from './reading.ts';
import { DeskRefusal } from './refusal.ts';
import type { Traffic } from './traffic.ts';
import type { ViewOptions } from './views.ts';

/** The safe copy of a document in memory. The original is never given. */
export async function viewDocument(
  context: Context,
  parts: { documents: Documents; reading: Reading; traffic: Traffic },
  asked: ViewOptions & { name: string; entry: string },
): Promise<SafeCopyView> {
  const { documents, reading, traffic } = parts;
  const { name, entry, ...options } = asked;
  const card = context.openCard(name);
  const document = reading.documentAt(card, entryNumber(name, entry));
  if (document.mine) {
    throw new DeskRefusal('wrong-use', 'own-document', {
      message: 'You sent this document: you have the original.',
      next: 'only documents from others are rebuilt here',
    });
  }
  const password = await documents.passwordFrom(options.passwordFile);
  const act = await documents.make(document, context.log(card), {
    mode: rulesOf(context, card).rules.disarmMode,
    password,
    onProgress: (text) => options.onProgress?.(text),
  });
  const refusal = documents.refusal(document.leaf, document.body.name);
  if (act !== undefined)
    await traffic.exchangeIfReachable(name).catch((error: unknown) => {
      // The safe copy is there; what is wrong with the channel is said by the next sync.
      if (!(error instanceof DeskRefusal)) throw error;
    });
  if (refusal !== undefined) throw refusal;
  const copy = await documents.read(document);
  if (signsReceipts(context, card)) {
    const leaf = asLeafHash(Uint8Array.from(Buffer.from(document.leaf, 'hex')));
    traffic.queue(card, { kind: 'opened', upTo: document.entry + 1, document: leaf });
  }
  return copy;
}

/** A safe copy that was made before, for a search through its words: no person has opened it by this, and no receipt says so. */
export async function readyCopy(
  context: Context,
  parts: { documents: Documents; reading: Reading },
  asked: { name: string; entry: number },
): Promise<SafeCopyView> {
  const document = parts.reading.documentAt(context.openCard(asked.name), asked.entry);
  if (parts.documents.facts(document.leaf, document.mine).state !== 'ready') {
    throw new DeskRefusal('waiting', 'not-rebuilt', {
      message: 'There is no safe copy of this document yet.',
      next: 'open the document first',
    });
  }
  return parts.documents.read(document);
}
