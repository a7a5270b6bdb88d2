// A fault is the world failing us (disk, network, wrong use); a bug is us failing. Strangers' bytes cause neither.

/** What a person can do about a fault: text for the last line of an error message. */
export type FaultOptions = {
  readonly cause?: unknown;
  /** True where the same call may succeed later without anything being changed. */
  readonly retry?: boolean;
  readonly nextAction?: string;
};

/** Thrown when the world fails. `code` is stable across releases; each package lists its codes in its README. */
export class Fault<C extends string = string> extends Error {
  readonly code: C;
  readonly retry: boolean;
  readonly nextAction: string | undefined;

  constructor(code: C, message: string, options: FaultOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Fault';
    this.code = code;
    this.retry = options.retry ?? false;
    this.nextAction = options.nextAction;
  }
}

/** Narrows to a fault, and to one code where it is given. Works across bundles: it looks at the shape. */
export function isFault<C extends string = string>(error: unknown, code?: C): error is Fault<C> {
  return (
    error instanceof Error &&
    error.name === 'Fault' &&
    'code' in error &&
    (code === undefined || error.code === code)
  );
}

/** States what must hold whatever anyone sends us. A failure is a bug of ours, so it stops the work at hand. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`bug: ${message}`);
}
