// A ZIP archive of stored entries, with offsets for archives that start after other bytes.

import { crc32, join, le16, le32, utf8 } from './bytes.ts';

/** 1 January 2026, 00:00, in MS-DOS form: samples have no clock. */
const DOS_DATE = ((2026 - 1980) << 9) | (1 << 5) | 1;

export type ZipEntry = { readonly name: string; readonly data: Uint8Array };

/** APPNOTE 6.3.3 sections 4.3.7, 4.3.12, 4.3.16. `startsAt` is the number of bytes that stand before the archive. */
export function zip(entries: readonly ZipEntry[], startsAt = 0): Uint8Array {
  const local: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let at = startsAt;
  for (const { name, data } of entries) {
    const encoded = utf8(name);
    const common = join(
      le16(20),
      le16(0x0800),
      le16(0),
      le16(0),
      le16(DOS_DATE),
      le32(crc32(data)),
      le32(data.length),
      le32(data.length),
      le16(encoded.length),
      le16(0),
    );
    const header = join('PK\x03\x04', common, encoded);
    local.push(header, data);
    central.push(
      join('PK\x01\x02', le16(20), common, le16(0), le16(0), le16(0), le32(0), le32(at), encoded),
    );
    at += header.length + data.length;
  }
  const directory = join(...central);
  const count = le16(entries.length);
  const end = join(
    'PK\x05\x06',
    le16(0),
    le16(0),
    count,
    count,
    le32(directory.length),
    le32(at),
    le16(0),
  );
  return join(...local, directory, end);
}
