// Compound files ([MS-CFB]): the little file system inside DOC, XLS, PPT and HWP. Streams by path, with limits; every chain of sectors ends.

import { assert } from '@parley/kernel';

export class CompoundRefusal extends Error {}

type Entry = { readonly type: number; readonly start: number; readonly size: number };

const END_OF_CHAIN = 0xfffffffa;
const NO_ENTRY = 0xffffffff;
const ENTRIES_MAX = 20_000;
const DEPTH_MAX = 64;
const TYPE = { storage: 1, stream: 2, root: 5 } as const;

/** Reads streams by path (`BodyText/Section0`). Every failure is a `CompoundRefusal`. */
export class CompoundReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #sector: number;
  readonly #miniSector: number;
  readonly #miniBelow: number;
  readonly #next: Uint32Array;
  readonly #miniNext: Uint32Array;
  readonly #mini: Uint8Array;
  readonly #entries = new Map<string, Entry>();

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    if (bytes.length < 512 || this.#u32(0) !== 0xe011cfd0) throw new CompoundRefusal('no header');
    const shift = this.#view.getUint16(30, true);
    const miniShift = this.#view.getUint16(32, true);
    if ((shift !== 9 && shift !== 12) || miniShift !== 6) throw new CompoundRefusal('sector size');
    this.#sector = 1 << shift;
    this.#miniSector = 1 << miniShift;
    this.#miniBelow = this.#u32(56);
    this.#next = this.#table();
    this.#miniNext = words(this.#chain(this.#u32(60)));
    const directory = this.#chain(this.#u32(48));
    this.#mini = this.#readDirectory(directory);
  }

  /** Paths of all streams, in the order of the directory. */
  get names(): string[] {
    return [...this.#entries].filter(([, { type }]) => type === TYPE.stream).map(([name]) => name);
  }

  read(path: string): Uint8Array | undefined {
    const entry = this.#entries.get(path);
    if (entry === undefined || entry.type !== TYPE.stream) return undefined;
    const { start, size } = entry;
    if (size > this.#bytes.length) throw new CompoundRefusal('stream larger than the file');
    const chain = size < this.#miniBelow ? this.#miniChain(start) : this.#chain(start);
    if (chain.length < size) throw new CompoundRefusal('stream cut off');
    return chain.subarray(0, size);
  }

  #u32(at: number): number {
    if (at < 0 || at + 4 > this.#bytes.length) throw new CompoundRefusal('cut off');
    return this.#view.getUint32(at, true);
  }

  /** The table that says which sector follows which. */
  #table(): Uint32Array {
    const most = Math.ceil(this.#bytes.length / this.#sector);
    const sectors: number[] = [];
    const add = (sector: number): void => {
      if (sector < END_OF_CHAIN && sectors.length <= most) sectors.push(sector);
    };
    for (let i = 0; i < 109; i++) add(this.#u32(76 + 4 * i));
    let more = this.#u32(68);
    for (let seen = 0; more < END_OF_CHAIN; seen++) {
      if (seen > most) throw new CompoundRefusal('table in a circle');
      const at = this.#place(more);
      for (let i = 0; i < this.#sector / 4 - 1; i++) add(this.#u32(at + 4 * i));
      more = this.#u32(at + this.#sector - 4);
    }
    const perSector = this.#sector / 4;
    const next = new Uint32Array(sectors.length * perSector);
    sectors.forEach((sector, n) => {
      const at = this.#place(sector);
      for (let i = 0; i < perSector; i++) next[n * perSector + i] = this.#u32(at + 4 * i);
    });
    return next;
  }

  #place(sector: number): number {
    const at = (sector + 1) * this.#sector;
    if (at >= this.#bytes.length) throw new CompoundRefusal('sector outside the file');
    return at;
  }

  #chain(start: number): Uint8Array {
    const most = Math.ceil(this.#bytes.length / this.#sector);
    const parts: Uint8Array[] = [];
    for (let sector = start; sector < END_OF_CHAIN;) {
      if (parts.length > most) throw new CompoundRefusal('sectors in a circle');
      const at = this.#place(sector);
      parts.push(this.#bytes.subarray(at, at + this.#sector));
      sector = this.#next[sector] ?? NO_ENTRY;
    }
    return Buffer.concat(parts);
  }

  #miniChain(start: number): Uint8Array {
    const parts: Uint8Array[] = [];
    for (let sector = start; sector < END_OF_CHAIN;) {
      const at = sector * this.#miniSector;
      if (parts.length > this.#miniNext.length) throw new CompoundRefusal('sectors in a circle');
      if (at >= this.#mini.length) throw new CompoundRefusal('small sector outside');
      parts.push(this.#mini.subarray(at, at + this.#miniSector));
      sector = this.#miniNext[sector] ?? NO_ENTRY;
    }
    return Buffer.concat(parts);
  }

  /** Fills the entries and gives the root's stream, which holds all small streams. */
  #readDirectory(directory: Uint8Array): Uint8Array {
    const view = new DataView(directory.buffer, directory.byteOffset, directory.length);
    const count = Math.min(ENTRIES_MAX, Math.floor(directory.length / 128));
    const seen = new Set<number>();
    const walk = (start: number, folder: string, depth: number): void => {
      if (depth > DEPTH_MAX) throw new CompoundRefusal('storages too deep');
      // Siblings form a tree of any shape: a list of what is left to visit needs no recursion.
      const open = [start];
      for (let id = open.pop(); id !== undefined; id = open.pop()) {
        if (id === NO_ENTRY || id >= count || seen.has(id)) continue;
        seen.add(id);
        const at = 128 * id;
        const length = Math.min(64, view.getUint16(at + 64, true));
        const raw = directory.subarray(at, at + Math.max(0, length - 2));
        const name = folder + new TextDecoder('utf-16le').decode(raw);
        const type = directory[at + 66] ?? 0;
        const size = view.getUint32(at + 120, true);
        this.#entries.set(name, { type, start: view.getUint32(at + 116, true), size });
        if (type === TYPE.storage) walk(view.getUint32(at + 76, true), `${name}/`, depth + 1);
        open.push(view.getUint32(at + 72, true), view.getUint32(at + 68, true));
      }
    };
    if (count === 0 || directory[66] !== TYPE.root) throw new CompoundRefusal('no root');
    seen.add(0);
    walk(view.getUint32(76, true), '', 0);
    const start = view.getUint32(116, true);
    return start < END_OF_CHAIN ? this.#chain(start) : new Uint8Array(0);
  }
}

function words(bytes: Uint8Array): Uint32Array {
  assert(bytes.length % 4 === 0, 'sectors are whole words');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i, true));
}
