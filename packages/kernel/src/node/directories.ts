// Directories that a person named, made one level at a time.

import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

function makeOne(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST' || !statSync(path).isDirectory()) throw error;
  }
}

/**
 * Makes a directory and what is missing above it. Throws the file system's own error. Node's recursive mkdir never returns
 * where a parent is there and takes no directories, as under /proc.
 */
export function makeDirectories(path: string, mode = 0o700): void {
  try {
    makeOne(path, mode);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error;
    makeDirectories(dirname(path), mode);
    // A parent that is there and still says 'no such file' takes no directories.
    makeOne(path, mode);
  }
}
