// JSON Lines on disk: appended by one line, or replaced whole and at once, so that a power cut leaves the old or the new.

import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { Fault } from '@parley/kernel';
import { makeDirectories } from '@parley/kernel/node';

export type StoreFault =
  | 'outlook-store-broken'
  | 'outlook-store-unwritable'
  | 'outlook-file-unreadable';

const FILE_BYTES_MAX = 512 * 1024 * 1024;

function unwritable(path: string, cause: unknown): Fault<StoreFault> {
  return new Fault('outlook-store-unwritable', `The outlook cannot be written to ${path}.`, {
    cause,
    retry: true,
    nextAction: 'check that the disk has room and that the directory may be written to',
  });
}

function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
  fsyncSync(descriptor);
}

function syncDirectory(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Writes beside the file, then renames over it. Nothing else is left when it fails. */
export function replaceFile(path: string, text: string): void {
  const beside = `${path}.${randomBytes(6).toString('hex')}.part`;
  let begun = false;
  try {
    makeDirectories(dirname(path));
    const descriptor = openSync(beside, 'wx', 0o600);
    begun = true;
    try {
      writeAll(descriptor, text);
    } finally {
      closeSync(descriptor);
    }
    renameSync(beside, path);
    syncDirectory(dirname(path));
  } catch (error) {
    if (begun) rmSync(beside, { force: true });
    throw unwritable(path, error);
  }
}

export function replaceLines(path: string, values: readonly unknown[]): void {
  replaceFile(path, values.map((value) => `${JSON.stringify(value)}\n`).join(''));
}

/** Adds one line and has it on the disk before it returns. */
export function appendLine(path: string, value: unknown): void {
  try {
    makeDirectories(dirname(path));
    const descriptor = openSync(path, 'a', 0o600);
    try {
      writeAll(descriptor, `${JSON.stringify(value)}\n`);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw unwritable(path, error);
  }
}

/**
 * The values of a file, or none where it does not exist. A last line without its end is one that a power cut stopped: it is
 * left out, because nothing told its writer that it was kept. Any other broken line is a fault.
 */
export function readLines(path: string): unknown[] {
  if (!existsSync(path)) return [];
  if (statSync(path).size > FILE_BYTES_MAX)
    throw new Fault<StoreFault>(
      'outlook-store-broken',
      `${path} is larger than ${FILE_BYTES_MAX} bytes.`,
    );
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line, at) => {
      try {
        return JSON.parse(line) as unknown;
      } catch (error) {
        throw new Fault<StoreFault>(
          'outlook-store-broken',
          `Line ${at + 1} of ${path} is no JSON.`,
          {
            cause: error,
            nextAction: 'restore the file from a copy, or move it away and import again',
          },
        );
      }
    });
}
