// Every size and count on the wire, in one place. Both sides enforce them: the relay on requests, the client on answers.

/** Bytes of one envelope: an entry of 64 KiB, or a sealed welcome for some hundred devices. */
export const ENVELOPE_MAX_BYTES = 1024 * 1024;
/** Plaintext bytes of every chunk of a blob but the last: small ones for small files, since a thin line starts anew with a chunk. */
export const CHUNK_BYTES = 1024 * 1024;
export const LARGE_CHUNK_BYTES = 4 * 1024 * 1024;
/** Padded files above this are cut in large chunks. */
export const SMALL_CHUNKS_MAX_BYTES = 64 * 1024 * 1024;
/** Bytes that sealing adds to a chunk: nonce and tag. */
export const CHUNK_OVERHEAD_BYTES = 12 + 16;
export const SEALED_CHUNK_MAX_BYTES = LARGE_CHUNK_BYTES + CHUNK_OVERHEAD_BYTES;
/** Chunks of one blob: 8 GiB in large ones. */
export const BLOB_MAX_CHUNKS = 2048;
/** Envelopes in one log. */
export const LOG_MAX_ENTRIES = 10_000_000;
/** Envelopes in one answer to a read, and the bytes after which the relay closes the page. */
export const PAGE_MAX_ENVELOPES = 1000;
export const PAGE_MAX_BYTES = 4 * 1024 * 1024;
/** Bytes of envelopes after which a page on a feed is closed, and of the whole frame, which holds one envelope at least. */
export const FEED_PAGE_MAX_BYTES = 256 * 1024;
export const FEED_FRAME_MAX_BYTES = 2 * 1024 * 1024;
/** Seconds a read may wait for the next envelope. */
export const WAIT_MAX_MS = 25_000;
/** Devices that may hold a capability on one log. */
export const GRANTS_MAX = 1024;
/** How far ahead of the relay's clock an authorisation may expire. */
export const AUTHORISATION_MAX_MS = 10 * 60 * 1000;
/** A key package of the X-Wing suite with its certificate is some 12 KiB. */
export const PACKAGE_MAX_BYTES = 64 * 1024;
/** Packages waiting on one shelf. */
export const SHELF_MAX_PACKAGES = 100;
/** How long the relay keeps a blob without being asked again. */
export const BLOB_LIFE_MAX_MS = 400 * 24 * 60 * 60 * 1000;
/** What one call may hand in of a log that is being restored: receipts, and bytes of envelopes. */
export const RESTORE_RECEIPTS_MAX = 100;
export const RESTORE_PAGE_MAX_BYTES = 2 * 1024 * 1024;
