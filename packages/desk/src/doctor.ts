// The doctor: what this machine has, what it lacks, and what that means for the person at the desk.

import { spawnSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { missingAlgorithms } from '@parley/kernel/node';

export type Finding = {
  readonly what: string;
  /** good: as it should be; weaker: works with less protection or comfort; bad: something cannot work. */
  readonly state: 'good' | 'weaker' | 'bad';
  readonly found: string;
  /** What it means and what to do; absent where all is well. */
  readonly meaning?: string;
};

const MIN_FREE_BYTES = 512 * 1024 * 1024;

function node(): Finding {
  const missing = missingAlgorithms();
  const found = `Node ${process.versions.node}, OpenSSL ${process.versions.openssl}`;
  if (missing.length === 0) return { what: 'runtime and cryptography', state: 'good', found };
  return {
    what: 'runtime and cryptography',
    state: 'bad',
    found: `${found}, without ${missing.join(', ')}`,
    meaning:
      'Parley cannot run on it: install Node 24.12 or newer, built with OpenSSL 3.5 or newer.',
  };
}

function bubblewrap(): Finding {
  const what = 'cage for documents (bubblewrap)';
  const version = spawnSync('bwrap', ['--version'], { encoding: 'utf8', timeout: 5000 });
  if (version.error !== undefined || version.status !== 0) {
    return {
      what,
      state: 'weaker',
      found: 'not installed',
      meaning:
        'documents are still taken apart in a separate process without rights to files, but that process could open ' +
        'network connections if the engine in it were taken over; on Debian: apt-get install bubblewrap',
    };
  }
  const trial = spawnSync(
    'bwrap',
    ['--unshare-all', '--die-with-parent', '--ro-bind', '/', '/', '--', '/bin/true'],
    { timeout: 5000 },
  );
  const found = version.stdout.trim();
  if (trial.status === 0) return { what, state: 'good', found };
  return {
    what,
    state: 'weaker',
    found: `${found}, but this system does not let it make namespaces`,
    meaning:
      'documents are taken apart in the weaker cage; ask the administrator to allow user namespaces',
  };
}

function engine(name: string, label: string, meaning: string): Finding {
  try {
    const require = createRequire(new URL('../../disarm/package.json', import.meta.url));
    require.resolve(name);
    return { what: label, state: 'good', found: name };
  } catch {
    return { what: label, state: 'weaker', found: `${name} is not installed`, meaning };
  }
}

function disk(home: string): Finding {
  const what = 'space for the vault';
  try {
    const { bavail, bsize } = statfsSync(home);
    const free = bavail * bsize;
    const found = `${Math.floor(free / (1024 * 1024))} MiB free`;
    if (free >= MIN_FREE_BYTES) return { what, state: 'good', found };
    return {
      what,
      state: 'weaker',
      found,
      meaning: 'a large document may not fit: free some space',
    };
  } catch {
    return { what, state: 'good', found: 'no vault yet' };
  }
}

function clock(nowMs: number): Finding {
  const what = 'clock';
  const found = new Date(nowMs).toISOString();
  const released = Date.UTC(2026, 10, 1);
  if (nowMs >= released) return { what, state: 'good', found };
  return {
    what,
    state: 'weaker',
    found: `${found}, which is before this program was made`,
    meaning: 'the times you claim in entries will look wrong to the others: set the clock',
  };
}

/** Looks at this machine and changes nothing. */
export function examine(home: string, nowMs: number): readonly Finding[] {
  return [
    node(),
    bubblewrap(),
    engine(
      '@embedpdf/pdfium',
      'engine for PDF and pictures',
      'no document can be opened: run "npm ci" again',
    ),
    engine(
      '@matbee/libreoffice-converter',
      'engine for office documents',
      'office documents are refused until it is installed',
    ),
    disk(home),
    clock(nowMs),
  ];
}
