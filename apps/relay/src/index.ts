export { RELAY_VERSION, startRelay } from './relay.ts';
export type { RelayOptions, RunningRelay } from './relay-options.ts';
export { DEFAULT_LIMITS, type RelayLimits } from './limits.ts';
export { openSqliteStore, type SqliteOptions } from './sqlite-store.ts';
export { openPostgresStore } from './postgres-store.ts';
export { moveToPostgres, type Moved, type MoveProgress } from './migrate.ts';
export { auditRelay, type Audit } from './audit.ts';
export {
  backUp,
  checkStore,
  readKeyFile,
  restore,
  writeBackupKey,
  type BackupFacts,
} from './backup.ts';
export { readConfig, relayOptionsOf, type ConfigSources, type Setting } from './config.ts';
export { collectFromMembers, type Collecting, type CollectOptions } from './collecting.ts';
export { finishRestoring, type RestoredLog } from './restore-members.ts';
export { relayKeyOf } from './relay-key.ts';
