// Until when the relay keeps a blob: signed by a key that only holders of the file's secret have. The relay cannot know
// which blobs a room still refers to, so it goes by this word alone: it takes no expiry and moves none without the
// signature, and removes nothing whose expiry it cannot show signed. The key is of this one file and names nobody.

import { sameBytes, concat, encode, struct, bytes, uint, utf8, type Crypto } from '@parley/kernel';
import type { BlobId, LogId } from './ids.ts';
import type { FileKey } from './sealing.ts';
import { BLOB_MAX_CHUNKS, SEALED_CHUNK_MAX_BYTES } from './limits.ts';

export type BlobTerms = {
  readonly chunks: number;
  /** Sealed bytes of all chunks together. */
  readonly size: number;
  readonly expiresMs: number;
};
/** Terms with the file's public key and its signature. */
export type SignedTerms = BlobTerms & {
  readonly signer: Uint8Array;
  readonly signature: Uint8Array;
};

const id32 = bytes({ exactly: 32 });
const statement = struct({
  log: id32,
  blob: id32,
  chunks: uint(BLOB_MAX_CHUNKS),
  size: uint(BLOB_MAX_CHUNKS * SEALED_CHUNK_MAX_BYTES),
  expiresMs: uint(),
});

function statementBytes(place: { log: LogId; blob: BlobId }, terms: BlobTerms): Uint8Array {
  const { chunks, size, expiresMs } = terms;
  const said = { log: place.log, blob: place.blob, chunks, size, expiresMs };
  return concat(utf8('parley/v1/blob-terms\0'), encode(statement, said));
}

/** Signs with the file's own key. Deterministic. */
export function signTerms(
  crypto: Crypto,
  place: { log: LogId; key: FileKey },
  terms: BlobTerms,
): SignedTerms {
  const { secretKey, publicKey } = crypto.signerFromSecret('ed25519', place.key.termsSecret);
  const said = statementBytes({ log: place.log, blob: place.key.blob }, terms);
  return { ...terms, signer: publicKey, signature: crypto.sign('ed25519', secretKey, said) };
}

/** True only for what the signer said of this blob in this log. */
export function provesTerms(
  crypto: Crypto,
  place: { log: LogId; blob: BlobId },
  shown: SignedTerms,
): boolean {
  if (shown.signer.length !== 32 || shown.signature.length !== 64) return false;
  return crypto.verify('ed25519', shown.signer, statementBytes(place, shown), shown.signature);
}

/** Whether these terms say the same as those but for the time, in the name of the same signer. */
export function declaredAlike(those: SignedTerms, these: SignedTerms): boolean {
  return (
    those.chunks === these.chunks &&
    those.size === these.size &&
    sameBytes(those.signer, these.signer)
  );
}
