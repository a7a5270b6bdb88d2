// What it costs a desk to catch up with what was said while it was away: `node bench/catching-up.ts [entries]`, 3,000 if
// none is said. The same envelopes are taken in one after the other, as `receive` does it and as a desk stores it, once as
// it is and once with every signature known beforehand: more than that no checking ahead on other cores could save.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, toHex, utf8, verifiedAhead } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import { encodeRoom, receive, type Identity } from '@parley/channel';
import { Vault } from '@parley/desk';
import { deviceOf, encodeEntry, type OpenedEntry, type RootHash } from '@parley/record';
import { entryChecks } from '../packages/record/src/entry.ts';
import { crypto, summit } from '../packages/channel/testing/town.ts';

const count = Number(process.argv[2] ?? 3_000);
const { log, ana, bo } = await summit('catching up');
const words = 'We propose to take article 7 as it stands. '.repeat(5);
for (let i = 0; i < count; i++)
  assert((await ana.act(log, { kind: 'text', text: `${i}: ${words}` })) === 'done', 'it is said');
const away = bo.room;
const from = away.seq;

type Way = { readonly known: boolean; readonly stored: boolean };
type Took = { readonly seconds: number; readonly root: RootHash; readonly entries: OpenedEntry[] };

/** Takes in everything since `away`; with a vault as a desk does, one transaction for each envelope. */
async function catchUp(identity: Identity, way: Way, known: OpenedEntry[]): Promise<Took> {
  const author = deviceOf(away.transcript, ana.identity.deviceId);
  assert(author !== undefined, 'Ana is on the record');
  const checks = known.flatMap(({ signed }) => entryChecks(signed, author.certificate.signer));
  const knowing = way.known ? await verifiedAhead(crypto, checks) : crypto;
  const ports = { ...bo.ports, crypto: knowing };
  const folder = mkdtempSync(join(tmpdir(), 'parley-catching-up-'));
  const vault = way.stored
    ? Vault.create(nativePorts, { home: join(folder, 'v'), passphrase: utf8('a bench, no secret') })
    : undefined;
  const roots = [...bo.roots];
  const entries: OpenedEntry[] = [];
  let room = away;
  const begun = process.cpuUsage();
  for (let seq = from + 1; seq <= log.envelopes.length; seq++) {
    const envelope = log.envelopes[seq - 1] as Uint8Array;
    const history = { rootAt: (size: number): RootHash | undefined => roots[size] };
    const { state, outcomes } = await receive(ports, room, identity, { seq, envelope }, history);
    const store = (): void => {
      for (const outcome of outcomes) {
        if (outcome.kind !== 'entry') continue;
        roots[outcome.index + 1] = outcome.root;
        entries.push(outcome.entry);
        vault?.putLine('entries', outcome.index, encodeEntry(outcome.entry));
      }
      vault?.put('room', toHex(state.room), encodeRoom(state));
    };
    if (vault === undefined) store();
    else vault.transaction(store);
    room = state;
  }
  const { user, system } = process.cpuUsage(begun);
  vault?.close();
  rmSync(folder, { recursive: true });
  return { seconds: (user + system) / 1e6, root: room.transcript.root, entries };
}

const said = await catchUp(bo.identity, { known: false, stored: false }, []);
process.stdout.write(`${said.entries.length} entries, processor time\n`);
for (const stored of [false, true]) {
  const rates: number[] = [];
  for (const known of [false, true]) {
    const took = await catchUp(bo.identity, { known, stored }, said.entries);
    assert(toHex(took.root) === toHex(said.root), 'every way ends in the same record');
    rates.push(took.entries.length / took.seconds);
  }
  const [asItIs = 0, atMost = 0] = rates;
  process.stdout.write(
    `${stored ? 'received and stored' : 'received'}: ${asItIs.toFixed(0)} entries/s; with every signature known ${atMost.toFixed(0)}, ${(atMost / asItIs).toFixed(2)} times\n`,
  );
}
