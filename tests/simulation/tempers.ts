// What may happen in a schedule, and who cheats where somebody does.

/**
 * What may happen. `honest`: crashes, delays and old backups only. `mean`: the relay does anything but two histories.
 * `forking`: anything. `traitor`: an honest relay and a member that cheats with its real keys.
 */
export const TEMPERS = ['honest', 'mean', 'forking', 'traitor'] as const;
export type Temper = (typeof TEMPERS)[number];

/** The second device of the second party. */
export const TRAITOR = 3;
