// `parley relay`: the operator's side.

import type { Command } from 'commander';
import type { Shell } from '../shell.ts';

export function registerRelay(program: Command, _shell: Shell): void {
  program.command('relay').description('run and look after a relay');
}
