// parley outlook: forecasts with evidence, scored alike whoever made them. This file only joins the groups of commands.

import type { Command } from 'commander';
import type { Shell } from '../shell.ts';
import { registerCorrect } from './outlook-correct.ts';
import { registerExchange } from './outlook-exchange.ts';
import { registerForecast } from './outlook-forecast.ts';
import { registerHistory } from './outlook-history.ts';
import { registerLedger } from './outlook-ledger.ts';
import { registerRead } from './outlook-read.ts';

export function registerOutlook(program: Command, shell: Shell): void {
  const outlook = program
    .command('outlook')
    .description(
      'see it coming, honestly: histories, forecasts, backtests, a ledger of who was right',
    );
  registerHistory(outlook, shell);
  registerCorrect(outlook, shell);
  registerForecast(outlook, shell);
  registerLedger(outlook, shell);
  registerRead(outlook, shell);
  registerExchange(outlook, shell);
}
