// Opens the member's desk for the length of one command, and closes it whatever happens.

import { Fault, isFault } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import { Desk, DeskRefusal } from '@parley/desk';
import { Stop, type ExitCode, type Shell } from './shell.ts';

const EXITS: Record<DeskRefusal['nature'], ExitCode> = {
  'wrong-use': 2,
  policy: 3,
  waiting: 4,
  tampering: 5,
};

/** A refusal of the desk as the command line says it: same code, same sentence, its exit code. */
export function asStop(error: unknown): unknown {
  if (!(error instanceof DeskRefusal)) return error;
  return new Stop(EXITS[error.nature], error.code, error.message, error.next, error.data);
}

/** Opens the desk for each piece of work and closes it again, so that other commands find the vault free in between. */
export type DeskOpener = <T>(work: (desk: Desk) => Promise<T>) => Promise<T>;

/** Asks for the passphrase once and keeps it in memory: for commands that come back to the desk as long as they run. */
export async function deskOpener(shell: Shell): Promise<DeskOpener> {
  const home = shell.home();
  if (!Desk.exists(home)) {
    throw new Fault('vault-missing', `There is no vault in ${home}.`, {
      nextAction: 'run "parley init" first, or name the right directory with --home',
    });
  }
  const passphrase = await shell.passphrase();
  return async (work) => {
    const desk = await enterDesk(home, passphrase);
    try {
      const answer = await work(desk);
      desk.close();
      return answer;
    } catch (error) {
      closeAfter(shell, desk);
      throw asStop(error);
    }
  };
}

/** A desk that has asked to be certified looks first whether it was. */
async function enterDesk(home: string, passphrase: Uint8Array): Promise<Desk> {
  try {
    return await Desk.enter(nativePorts, { home, passphrase });
  } catch (error) {
    throw asStop(error);
  }
}

/** Runs `work` at the open desk. */
export async function atDesk<T>(shell: Shell, work: (desk: Desk) => Promise<T>): Promise<T> {
  const open = await deskOpener(shell);
  return open(work);
}

/** A failure to close must not hide what failed before it. */
function closeAfter(shell: Shell, desk: Desk): void {
  try {
    desk.close();
  } catch (error) {
    shell.note(isFault(error) ? error.message : 'the vault could not be closed');
  }
}
