// Grants of one SQLite store as they were read last: every request asks for one, and they hardly ever change.

import type Database from 'better-sqlite3';
import { capabilityId, type CapabilityId, type HeldGrant, type LogId } from '@parley/post';
import type { Statements } from './sqlite-statements.ts';

const KNOWN_MAX = 20_000;

export class SqliteGrants {
  readonly #grant: Statements['grant'];
  readonly #dataVersion: Database.Statement<[], number>;
  readonly #known = new Map<string, HeldGrant>();
  #look = -1;
  #version = -1;

  constructor(db: Database.Database, sql: Statements) {
    this.#grant = sql.grant;
    this.#dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck();
  }

  /** As this look at the file sees it: another process may have changed it since the last one, and then nothing is known. */
  of(look: number, log: LogId, id: CapabilityId): HeldGrant | undefined {
    if (look !== this.#look) {
      const version = this.#dataVersion.get() ?? -1;
      if (version !== this.#version) this.#known.clear();
      this.#version = version;
      this.#look = look;
    }
    const name = Buffer.concat([log, id]).toString('latin1');
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const row = this.#grant.get(log, id);
    if (row === undefined) return undefined;
    const grant: HeldGrant = {
      id: capabilityId(new Uint8Array(row.id)),
      key: new Uint8Array(row.key),
      rights: row.rights,
    };
    if (this.#known.size >= KNOWN_MAX) this.#known.clear();
    this.#known.set(name, grant);
    return grant;
  }

  /** This process changes grants, of which `data_version` says nothing. */
  forget(): void {
    this.#known.clear();
  }
}
