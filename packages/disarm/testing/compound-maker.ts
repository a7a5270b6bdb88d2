// Makes compound files ([MS-CFB]) for tests: storages one level deep, small streams in the small sectors as real programs do.

import { deflateRawSync } from 'node:zlib';

const FREE = 0xffffffff;
const END = 0xfffffffe;
const SECTOR = 512;
const SMALL = 64;

const padded = (bytes: Uint8Array, to: number): Uint8Array => {
  const out = new Uint8Array(Math.ceil(bytes.length / to) * to);
  out.set(bytes);
  return out;
};

type Node = {
  name: string;
  type: number;
  child: number;
  right: number;
  start: number;
  size: number;
};

/** `Folder/Name` to bytes. */
export function makeCompound(streams: Record<string, Uint8Array>): Uint8Array {
  const nodes: Node[] = [
    { name: 'Root Entry', type: 5, child: FREE, right: FREE, start: END, size: 0 },
  ];
  const folders = new Map<string, number>([['', 0]]);
  const add = (node: Node, parent: number): number => {
    const id = nodes.push(node) - 1;
    const above = nodes[parent] as Node;
    // Siblings hang in one line to the right: a valid tree, if an ugly one.
    node.right = above.child;
    above.child = id;
    return id;
  };
  const sectors: Uint8Array[] = [];
  const next: number[] = [];
  const chain = (bytes: Uint8Array): number => {
    if (bytes.length === 0) return END;
    const all = padded(bytes, SECTOR);
    const first = sectors.length;
    for (let at = 0; at < all.length; at += SECTOR) {
      sectors.push(all.subarray(at, at + SECTOR));
      next.push(at + SECTOR < all.length ? sectors.length : END);
    }
    return first;
  };
  const small: Uint8Array[] = [];
  const smallNext: number[] = [];
  for (const [path, bytes] of Object.entries(streams)) {
    const [name = '', folder = ''] = path.split('/').toReversed();
    let parent = folders.get(folder);
    if (parent === undefined) {
      parent = add({ name: folder, type: 1, child: FREE, right: FREE, start: 0, size: 0 }, 0);
      folders.set(folder, parent);
    }
    let start = END;
    if (bytes.length < 4096) {
      const all = padded(bytes, SMALL);
      if (all.length > 0) start = small.length;
      for (let at = 0; at < all.length; at += SMALL) {
        small.push(all.subarray(at, at + SMALL));
        smallNext.push(at + SMALL < all.length ? small.length : END);
      }
    } else start = chain(bytes);
    add({ name, type: 2, child: FREE, right: FREE, start, size: bytes.length }, parent);
  }
  const root = nodes[0] as Node;
  root.start = chain(Buffer.concat(small));
  root.size = small.length * SMALL;
  const smallTable = chain(table(smallNext));
  const directory = chain(Buffer.concat(nodes.map(entry)));
  const tables = Math.ceil((sectors.length + 1) / (SECTOR / 4 - 1));
  const head = Buffer.alloc(SECTOR);
  head.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
  for (const [at, value] of [
    [24, 0x3e],
    [26, 3],
    [28, 0xfffe],
    [30, 9],
    [32, 6],
  ] as const) {
    head.writeUInt16LE(value, at);
  }
  for (const [at, value] of [
    [44, tables],
    [48, directory],
    [56, 4096],
    [60, smallNext.length === 0 ? END : smallTable],
    [64, 1],
    [68, END],
  ] as const) {
    head.writeUInt32LE(value, at);
  }
  const first = sectors.length;
  for (let i = 0; i < 109; i++) head.writeUInt32LE(i < tables ? first + i : FREE, 76 + 4 * i);
  for (let i = 0; i < tables; i++) next.push(0xfffffffd);
  return new Uint8Array(Buffer.concat([head, ...sectors, padded(table(next), SECTOR)]));
}

function table(next: readonly number[]): Uint8Array {
  const out = Buffer.alloc(Math.ceil((4 * next.length) / SECTOR) * SECTOR, 0xff);
  next.forEach((value, i) => out.writeUInt32LE(value, 4 * i));
  return out;
}

function entry(node: Node): Uint8Array {
  const out = Buffer.alloc(128);
  out.write(node.name, 0, 62, 'utf16le');
  out.writeUInt16LE(2 * node.name.length + 2, 64);
  out.writeUInt8(node.type, 66);
  out.writeUInt32LE(FREE, 68);
  out.writeUInt32LE(node.right, 72);
  out.writeUInt32LE(node.child, 76);
  out.writeUInt32LE(node.start, 116);
  out.writeUInt32LE(node.size, 120);
  return out;
}

/** One record of an HWP section. */
export function hwpRecord(tag: number, level: number, data: Uint8Array): Uint8Array {
  const head = Buffer.alloc(4);
  head.writeUInt32LE(((data.length << 20) | (level << 10) | tag) >>> 0);
  return Buffer.concat([head, data]);
}

/** A Hangul document: sections as records, packed; further streams as they are given. */
export function makeHwp(
  sections: readonly Uint8Array[],
  { flags = 1, streams = {} }: { flags?: number; streams?: Record<string, Uint8Array> } = {},
): Uint8Array {
  const header = Buffer.alloc(256);
  header.write('HWP Document File', 'latin1');
  header.writeUInt32LE(0x05000300, 32);
  header.writeUInt32LE(flags, 36);
  const body = sections.map((section, i) => [
    `BodyText/Section${i}`,
    new Uint8Array(deflateRawSync(section)),
  ]);
  return makeCompound({ FileHeader: header, ...Object.fromEntries(body), ...streams });
}
