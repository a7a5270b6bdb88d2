// ZIP archives with limits: sizes are counted while unpacking, because what an archive says about itself is only a claim.

import { Inflate } from 'fflate';

export type ZipLimits = {
  readonly entriesMax: number;
  readonly entryMaxBytes: number;
  readonly totalMaxBytes: number;
  /** Unpacked bytes per packed byte beyond which an entry of more than a mebibyte is a bomb. */
  readonly ratioMax: number;
};

export const OFFICE_ZIP_LIMITS: ZipLimits = {
  entriesMax: 20_000,
  entryMaxBytes: 256 << 20,
  totalMaxBytes: 512 << 20,
  ratioMax: 400,
};

export type ZipReason = 'broken' | 'encrypted' | 'too-many-parts' | 'compression-bomb';

export class ZipRefusal extends Error {
  readonly reason: ZipReason;
  constructor(reason: ZipReason, detail = '') {
    super(detail);
    this.reason = reason;
  }
}

type Entry = {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  readonly packedBytes: number;
  readonly at: number;
};

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const PIECE = 64 * 1024;

/** Reads entries by name. Every failure is a `ZipRefusal`. */
export class ZipReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #limits: ZipLimits;
  readonly #entries = new Map<string, Entry>();
  #total = 0;

  constructor(bytes: Uint8Array, limits: ZipLimits) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#limits = limits;
    this.#readDirectory();
  }

  /** Names in the order of the directory; of two equal names the last one counts, as readers do. */
  get names(): string[] {
    return [...this.#entries.keys()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  isEncrypted(name: string): boolean {
    return this.#entries.get(name)?.encrypted ?? false;
  }

  read(name: string): Uint8Array | undefined {
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    if (entry.encrypted) throw new ZipRefusal('encrypted', name);
    if (this.#u32(entry.at) !== LOCAL) throw new ZipRefusal('broken', 'no local header');
    const start = entry.at + 30 + this.#u16(entry.at + 26) + this.#u16(entry.at + 28);
    if (start + entry.packedBytes > this.#bytes.length) throw new ZipRefusal('broken', 'cut off');
    const packed = this.#bytes.subarray(start, start + entry.packedBytes);
    if (entry.method === 0) {
      this.#count(packed.length, packed.length);
      return packed;
    }
    if (entry.method !== 8) throw new ZipRefusal('broken', `method ${entry.method}`);
    return this.#inflate(packed);
  }

  text(name: string): string | undefined {
    const bytes = this.read(name);
    return bytes === undefined ? undefined : decodeXmlBytes(bytes);
  }

  #u16(at: number): number {
    if (at + 2 > this.#bytes.length || at < 0) throw new ZipRefusal('broken', 'cut off');
    return this.#view.getUint16(at, true);
  }

  #u32(at: number): number {
    if (at + 4 > this.#bytes.length || at < 0) throw new ZipRefusal('broken', 'cut off');
    return this.#view.getUint32(at, true);
  }

  #readDirectory(): void {
    const lowest = Math.max(0, this.#bytes.length - 22 - 65_535);
    let end = this.#bytes.length - 22;
    while (end >= lowest && this.#u32(end) !== END) end--;
    if (end < lowest) throw new ZipRefusal('broken', 'no directory');
    const count = this.#u16(end + 10);
    if (count > this.#limits.entriesMax) throw new ZipRefusal('too-many-parts', `${count}`);
    const size = this.#u32(end + 12);
    const claimed = this.#u32(end + 16);
    const start = end - size;
    // Bytes before the archive shift every offset by the same amount.
    const shift = start >= 0 && this.#u32(start) === CENTRAL ? start - claimed : 0;
    let at = claimed + shift;
    for (let i = 0; i < count; i++) {
      if (this.#u32(at) !== CENTRAL) throw new ZipRefusal('broken', 'directory entry');
      const nameLength = this.#u16(at + 28);
      const raw = this.#bytes.subarray(at + 46, at + 46 + nameLength);
      const flags = this.#u16(at + 8);
      const name = Buffer.from(raw).toString(
        (flags & 0x800) !== 0 || isUtf8(raw) ? 'utf8' : 'latin1',
      );
      this.#entries.set(name, {
        name,
        method: this.#u16(at + 10),
        encrypted: (flags & 1) !== 0,
        packedBytes: this.#u32(at + 20),
        at: this.#u32(at + 42) + shift,
      });
      at += 46 + nameLength + this.#u16(at + 30) + this.#u16(at + 32);
    }
  }

  #count(added: number, packed: number, sofar = added): void {
    this.#total += added;
    const { entryMaxBytes, totalMaxBytes, ratioMax } = this.#limits;
    if (sofar > entryMaxBytes || this.#total > totalMaxBytes)
      throw new ZipRefusal('compression-bomb');
    if (sofar > 1 << 20 && sofar > ratioMax * Math.max(1, packed))
      throw new ZipRefusal('compression-bomb');
  }

  #inflate(packed: Uint8Array): Uint8Array {
    return inflated(packed, (added, sofar) => this.#count(added, packed.length, sofar));
  }
}

/** Deflated bytes that stand in no archive, within the limits of an archive's member. */
export function inflateRaw(packed: Uint8Array): Uint8Array {
  const { entryMaxBytes, ratioMax } = OFFICE_ZIP_LIMITS;
  return inflated(packed, (_, sofar) => {
    const swells = sofar > 1 << 20 && sofar > ratioMax * Math.max(1, packed.length);
    if (sofar > entryMaxBytes || swells) throw new ZipRefusal('compression-bomb');
  });
}

function inflated(packed: Uint8Array, count: (added: number, sofar: number) => void): Uint8Array {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const inflate = new Inflate((chunk) => {
    length += chunk.length;
    count(chunk.length, length);
    chunks.push(chunk);
  });
  try {
    // In pieces, so that a bomb is noticed before it is unpacked.
    for (let at = 0; at < packed.length; at += PIECE) {
      inflate.push(packed.subarray(at, at + PIECE), at + PIECE >= packed.length);
    }
  } catch (error) {
    if (error instanceof ZipRefusal) throw error;
    throw new ZipRefusal('broken', error instanceof Error ? error.message : '');
  }
  const out = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** XML parts are UTF-8, or UTF-16 with its mark. */
export function decodeXmlBytes(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder('utf-8').decode(bytes);
}
