// A child that compiles: it works on pages of our own and keeps what the runtime made of our code and of the engine. No stranger's document comes near it.

import { convertPdf } from '../pdf/convert.ts';
import { loadEngine } from '../pdf/engine.ts';
import { compileForSpeed, storeMachineCode } from '../pdf/machine-code.ts';
import { unheard } from './emit.ts';
import { examplePages, REHEARSAL_JOB } from './example-pages.ts';

compileForSpeed(true);
const engine = await loadEngine();
unheard(() => convertPdf(engine, examplePages(), REHEARSAL_JOB));
compileForSpeed(false);
storeMachineCode(engine.module, process.env['NODE_COMPILE_CACHE'] ?? '');
// Then as every child works, on the pages that were sent: what it has compiled at its end, Node keeps.
await import('./child.ts');
