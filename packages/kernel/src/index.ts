export { accept, refuse, type Accepted, type Refused, type Verdict } from './verdict.ts';
export { Fault, assert, isFault, type FaultOptions } from './fault.ts';
export {
  compareBytes,
  concat,
  fromBase64Url,
  fromHex,
  fromUtf8,
  sameBytes,
  toBase64Url,
  toHex,
  utf8,
} from './bytes.ts';
export {
  boolean,
  bytes,
  decode,
  encode,
  list,
  nullable,
  struct,
  text,
  uint,
  variant,
  word,
  type Codec,
  type DecodeReason,
  type Decoded,
} from './codec.ts';
export type {
  AeadName,
  Clock,
  Crypto,
  CurveName,
  HashName,
  Hasher,
  KeyPair,
  PasswordCost,
  Ports,
  Randomness,
  SignatureName,
} from './ports.ts';
export { hkdf, hkdfExpand, hkdfExtract } from './hkdf.ts';
export {
  HYBRID_PUBLIC_KEY_BYTES,
  HYBRID_SECRET_KEY_BYTES,
  HYBRID_SIGNATURE_BYTES,
  generateHybridSigner,
  hybridChecks,
  hybridSign,
  hybridSignerFromSecret,
  hybridVerify,
  type HybridKeyPair,
} from './hybrid-signature.ts';
export { verifiedAhead, type SignatureCheck } from './verified-ahead.ts';
export {
  XWING_CIPHERTEXT_BYTES,
  XWING_PUBLIC_KEY_BYTES,
  XWING_SECRET_KEY_BYTES,
  generateXWing,
  xwingDecapsulate,
  xwingEncapsulate,
  xwingFromSeed,
  type XWingKeyPair,
} from './xwing.ts';
export { bigEndian, dhKem, xwingKem, type Kem } from './kem.ts';
export {
  hpkeOpen,
  hpkeReceiveSecret,
  hpkeSeal,
  hpkeSendSecret,
  type HpkeContext,
  type HpkeSuite,
  type Sealed,
} from './hpke.ts';
export { fullTree, leafHash, nodeHash, rootAlong, type FullTree } from './merkle.ts';
export { pad, padmeLength, unpad } from './padme.ts';
export { escapedHtml, pageInEnglish, type PageWords } from './page-words.ts';
export { inEnglish, say, type Said, type SaidValues } from './said.ts';
