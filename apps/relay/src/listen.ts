// Addresses to listen on, certificates, and the file that says "ready".

import { open, readFile, rename } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import nodeCrypto from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { Fault } from '@parley/kernel';
import { namedDirectory } from './named-directory.ts';

/** Faults with 'listen-malformed' for anything but `HOST:PORT` or `[V6]:PORT`. */
export function readListen(listen: string): { host: string; port: number } {
  const [, v6, plain, port = ''] =
    /^(?:\[([0-9a-fA-F:.]+)\]|([^[\]:]+)):(\d{1,5})$/.exec(listen) ?? [];
  const host = v6 ?? plain;
  if (host === undefined || Number(port) > 65_535) {
    throw new Fault('listen-malformed', `This is not an address to listen on: ${listen}`, {
      nextAction: 'write it as HOST:PORT, for example 127.0.0.1:7447',
    });
  }
  return { host, port: Number(port) };
}

/** The URL of a bound server. */
export function boundUrl(scheme: 'http' | 'https', bound: AddressInfo): string {
  const shown = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
  return `${scheme}://${shown}:${bound.port}`;
}

export function listenRefused(listen: string, cause: unknown): Fault {
  return new Fault('listen-refused', `The relay cannot listen on ${listen}.`, {
    cause,
    nextAction: 'see whether another process has the port, or choose another address',
  });
}

export type TlsFiles = { readonly certFile: string; readonly keyFile: string };

/** Reads a certificate chain and its key, and faults with 'tls-unusable' if they do not fit together. */
export async function readTls(files: TlsFiles): Promise<{ cert: Buffer; key: Buffer }> {
  try {
    const [cert, key] = await Promise.all([readFile(files.certFile), readFile(files.keyFile)]);
    createSecureContext({ cert, key });
    return { cert, key };
  } catch (error) {
    throw new Fault('tls-unusable', 'The certificate and its key cannot be used.', {
      cause: error,
      nextAction:
        'give PEM files: the whole chain with --tls-cert, its key with --tls-key, readable by the relay',
    });
  }
}

/** Writes a small file whole or not at all. */
export async function writeReady(path: string, facts: Record<string, unknown>): Promise<void> {
  const temporary = `${path}.${nodeCrypto.randomBytes(6).toString('hex')}`;
  namedDirectory(dirname(resolve(path)));
  const file = await open(temporary, 'wx', 0o644);
  await file.writeFile(`${JSON.stringify(facts)}\n`);
  await file.close();
  await rename(temporary, path);
}
