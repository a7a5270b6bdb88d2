// How long an office file takes from its arrival to its safe copy, where its engines were started and rehearsed before; and with nothing ready.
//
// node bench/office-warm.ts [--rounds N] [FILE...]

import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { defaultPolicy, disarm, familiesOf, quarantine, WarmOffice } from '@parley/disarm';

const SAMPLES = fileURLToPath(
  new URL('../../shared/corpus/disarm/dangerzone-image/', import.meta.url),
);

async function once(file: string, warm: WarmOffice | undefined): Promise<string> {
  warm?.start();
  const before = performance.now();
  await warm?.ready();
  const waited = performance.now() - before;
  // Nothing is made ready for a document after this one: its start would take the other processor.
  warm?.plan(null);
  const arrived = performance.now();
  const verdict = await disarm(quarantine(new Uint8Array(readFileSync(file))), defaultPolicy, {
    warm,
  });
  const seconds = ((performance.now() - arrived) / 1000).toFixed(2);
  warm?.close();
  const ready =
    warm === undefined ? 'nothing ready' : `ready after ${(waited / 1000).toFixed(1)} s`;
  if (!verdict.ok) return `${ready}: refused ${verdict.reason} after ${seconds} s`;
  const { report, cageCpuMs, cagePeakBytes, safe } = verdict.value;
  return `${ready}: ${seconds} s, ${report.pages.length} pages, cages ${(cageCpuMs / 1000).toFixed(1)} s of processor in all, ${Math.round(cagePeakBytes / 1e6)} MB, ${safe.sha256.slice(0, 12)}`;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: 'string', default: '2' } },
  });
  const files =
    positionals.length > 0
      ? positionals
      : ['sample-docx.docx', 'sample-xlsx.xlsx', 'sample-pptx.pptx'].map((name) => SAMPLES + name);
  for (const file of files) {
    if (!existsSync(file)) {
      console.log(`not run: ${file} missing`);
      continue;
    }
    for (let round = 0; round < Number(values.rounds); round++) {
      const one = new WarmOffice(defaultPolicy);
      one.plan(familiesOf(file));
      console.log(`${basename(file)}: rehearsed on its family, ${await once(file, one)}`);
      console.log(
        `${basename(file)}: rehearsed on all, ${await once(file, new WarmOffice(defaultPolicy))}`,
      );
    }
    console.log(`${basename(file)}: ${await once(file, undefined)}`);
  }
}

await main();
