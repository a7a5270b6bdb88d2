// The program of the strangers' process: options come by the first message, the end by the end of the line.

import { setPriority } from 'node:os';
import { isFault } from '@parley/kernel';
import { startRelay } from './relay.ts';
import type { StrangersOptions } from './strangers.ts';

/** Where the processor is short, members come first. */
const NICE = 10;
try {
  setPriority(NICE);
} catch {
  // Some sandboxes forbid it; then the two share alike.
}

process.once('message', (options: StrangersOptions) => {
  const serve = async (): Promise<void> => {
    const relay = await startRelay({ ...options, doors: 'strangers', journal: { level: 'warn' } });
    process.once('disconnect', () => void relay.close().then(() => process.exit(0)));
    process.send?.({ url: relay.url });
  };
  serve().catch((error: unknown) => {
    const next = isFault(error) ? error.nextAction : undefined;
    process.send?.({ refused: error instanceof Error ? error.message : String(error), next });
    process.exitCode = 1;
    process.disconnect();
  });
});
// The terminal's Ctrl-C reaches both processes; the members' one decides when this one ends.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
