// How V8 counts what lies outside its heap.

import { setFlagsFromString } from 'node:v8';

/**
 * Has bytes outside V8's heap (documents, sealed chunks) counted with the heap, as V8 itself does from its next versions on.
 * Node 24 still has a limit of its own for them, which a small heap reaches every few MiB: a relay that passed on a file
 * spent half of its time collecting. For the first lines of a process. On any other Node it does nothing, since V8's flags
 * are no stable interface.
 */
export function countOutsideMemoryWithHeap(): void {
  if (process.versions.node.startsWith('24.'))
    setFlagsFromString('--external-memory-accounted-in-global-limit');
}
