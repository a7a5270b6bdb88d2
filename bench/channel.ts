// What an MLS group costs: `node bench/channel.ts [devices...]`, or `room` for the long room alone. Our native X-Wing suite
// beside ts-mls's own suites, and beside Wire's OpenMLS where PEER_CORE_CRYPTO names a folder in which somebody ran, by
// hand and outside this tree, `npm install @wireapp/core-crypto@10.3.0`: it is GPL-3.0, and classical only.
//
// Commit and process are on a freshly bulk-added tree, where every path secret is sealed to each device alone: the worst
// case. Times are CPU time; on a loaded machine only the ratios of one run count.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { assert, utf8 } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import {
  createApplicationMessage,
  createCommit,
  createGroup,
  emptyPskIndex,
  encodeMlsMessage,
  generateKeyPackage,
  getCiphersuiteFromName,
  getCiphersuiteImpl,
  joinGroup,
  processPrivateMessage,
  type CiphersuiteImpl,
  type ClientState,
} from 'ts-mls';
import { ciphersuite } from '../packages/channel/src/suite.ts';
import { author, encodeRoom, receive, type Act } from '@parley/channel';
import { summit } from '../packages/channel/testing/town.ts';
import { hottest } from './cpu-profile.ts';
import { joining } from './joining.ts';

const KIB = utf8('x'.repeat(1_024));
const LIFETIME = { notBefore: 0n, notAfter: 2n ** 62n };

/** Milliseconds of CPU time that one call takes, all threads together: other processes' load does not count into it. */
async function timed(runs: number, work: () => Promise<unknown>): Promise<number> {
  await work();
  const start = process.cpuUsage();
  for (let i = 0; i < runs; i++) await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000 / runs;
}

async function member(cs: CiphersuiteImpl, name: string) {
  return generateKeyPackage(
    { credentialType: 'basic', identity: utf8(name) },
    {
      versions: ['mls10'],
      ciphersuites: [cs.name],
      extensions: [],
      proposals: [],
      credentials: ['basic'],
    },
    LIFETIME,
    [],
    cs,
  );
}

/** The founder's and one guest's view of a group of `devices`. */
async function groupOf(cs: CiphersuiteImpl, devices: number): Promise<[ClientState, ClientState]> {
  const founder = await member(cs, 'device 1');
  const alone = await createGroup(
    utf8('bench'),
    founder.publicPackage,
    founder.privatePackage,
    [],
    cs,
  );
  const guests = [];
  for (let n = 2; n <= devices; n++) guests.push(await member(cs, `device ${n}`));
  const { newState, welcome } = await createCommit(
    { state: alone, cipherSuite: cs, pskIndex: emptyPskIndex },
    {
      ratchetTreeExtension: true,
      extraProposals: guests.map(({ publicPackage }) => ({
        proposalType: 'add',
        add: { keyPackage: publicPackage },
      })),
    },
  );
  const [guest] = guests;
  assert(guest !== undefined && welcome !== undefined, 'a group has guests');
  const { privatePackage, publicPackage } = guest;
  const joined = await joinGroup(welcome, publicPackage, privatePackage, emptyPskIndex, cs);
  return [newState, joined];
}

type Line = { commit: number; process: number; send: number; receive: number; bytes: number };

async function measure(cs: CiphersuiteImpl, devices: number): Promise<Line> {
  const [founder, guest] = await groupOf(cs, devices);
  const runs = devices > 32 ? 5 : 15;
  const update = () =>
    createCommit({ state: founder, cipherSuite: cs, pskIndex: emptyPskIndex }, {});
  const made = await update();
  const { commit } = made;
  assert(commit.wireformat === 'mls_private_message', 'a private message');
  const { privateMessage } = commit;
  const sent = await createApplicationMessage(founder, KIB, cs);
  return {
    commit: await timed(runs, update),
    process: await timed(runs, () =>
      processPrivateMessage(guest, privateMessage, emptyPskIndex, cs),
    ),
    send: await timed(200, () => createApplicationMessage(founder, KIB, cs)),
    receive: await timed(200, () =>
      processPrivateMessage(guest, sent.privateMessage, emptyPskIndex, cs),
    ),
    bytes: encodeMlsMessage(commit).length,
  };
}

const ms = (value: number): string => value.toFixed(value < 10 ? 2 : 1).padStart(8);

async function groups(sizes: readonly number[]): Promise<void> {
  const theirs = async (id: 1 | 83) =>
    getCiphersuiteImpl(getCiphersuiteFromName(ciphersuite(nativePorts, id).name));
  const suites = [
    ['native X-Wing', ciphersuite(nativePorts, 83)],
    ['native classical', ciphersuite(nativePorts, 1)],
    ["ts-mls's X-Wing", await theirs(83)],
    ["ts-mls's classical", await theirs(1)],
  ] as const;
  console.log('ms of CPU              devices   commit  process  send 1K  recv 1K   commit bytes');
  for (const devices of sizes) {
    let native: Line | undefined;
    for (const [name, cs] of suites) {
      const line = await measure(cs, devices);
      native ??= line;
      const ratio =
        line === native
          ? ''
          : `   native X-Wing takes ${(native.commit / line.commit).toFixed(2)}x its commit, ${(native.process / line.process).toFixed(2)}x its process, ${(native.send / line.send).toFixed(2)}x its send`;
      console.log(
        `${name.padEnd(22)} ${String(devices).padStart(7)} ${ms(line.commit)} ${ms(line.process)} ${ms(line.send)} ${ms(line.receive)} ${String(line.bytes).padStart(12)}${ratio}`,
      );
    }
    if (native !== undefined) besidePeer(devices, native);
  }
}

/** The same group in Wire's library, in a process of its own, which it has to itself like ours. */
function besidePeer(devices: number, native: Line): void {
  const folder = process.env['PEER_CORE_CRYPTO'];
  if (folder === undefined) {
    console.log('core-crypto            not run: PEER_CORE_CRYPTO names no folder with it');
    return;
  }
  const script = join(import.meta.dirname, 'core-crypto.ts');
  const told = execFileSync(process.execPath, [script, folder, String(devices)]);
  const peer = JSON.parse(told.toString()) as Line;
  const messages = (peer.send + peer.receive) / (native.send + native.receive);
  console.log(
    `${'core-crypto classical'.padEnd(22)} ${String(devices).padStart(7)} ${ms(peer.commit)} ${ms(peer.process)} ${ms(peer.send)} ${ms(peer.receive)} ${String(peer.bytes).padStart(12)}   native X-Wing takes ${(native.commit / peer.commit).toFixed(2)}x its commit (goal 2), ${(native.process / peer.process).toFixed(2)}x its process; ${messages.toFixed(2)}x its messages/s there and back (goal 1.5), ${(peer.send / native.send).toFixed(2)}x sent, ${(peer.receive / native.receive).toFixed(2)}x received`,
  );
}

/** Where the time goes when a device follows a commit in a group of 128. */
async function processing(): Promise<void> {
  const cs = ciphersuite(nativePorts, 83);
  const [founder, guest] = await groupOf(cs, 128);
  const { commit } = await createCommit(
    { state: founder, cipherSuite: cs, pskIndex: emptyPskIndex },
    {},
  );
  assert(commit.wireformat === 'mls_private_message', 'a private message');
  const { privateMessage } = commit;
  const follow = () => processPrivateMessage(guest, privateMessage, emptyPskIndex, cs);
  await follow();
  const hot = await hottest(async () => {
    for (let i = 0; i < 20; i++) await follow();
  }, 14);
  console.log('processing a commit among 128, native X-Wing, by function (its own time, percent):');
  for (const { percent, what } of hot) console.log(`  ${percent.toFixed(1).padStart(5)}  ${what}`);
}

/** Entries of the long room: whether a message costs more, or a state grows, shows at its beginning, at 1,000 and at its end. */
const LONG = 10_000;
const WINDOW = 300;

/** What a desk pays for one entry: hybrid signature, record, MLS and envelope together. */
async function rooms(): Promise<void> {
  const { ana, bo } = await summit('bench');
  const act: Act = { kind: 'text', text: 'x'.repeat(1_024) };
  const spent = { author: 0, receive: 0 };
  for (let count = 1; count <= LONG; count++) {
    let start = process.cpuUsage();
    const made = await author(ana.ports, ana.room, ana.identity, act);
    let used = process.cpuUsage(start);
    spent.author += used.user + used.system;
    assert(made.ok, 'authored');
    ana.room = made.value.state;
    const delivered = { seq: made.value.expectedSeq, envelope: made.value.envelope };
    await ana.take(delivered.seq, delivered.envelope);
    start = process.cpuUsage();
    const received = await receive(bo.ports, bo.room, bo.identity, delivered, bo.history);
    used = process.cpuUsage(start);
    spent.receive += used.user + used.system;
    bo.room = received.state;
    const [entry] = received.outcomes;
    assert(entry?.kind === 'entry', 'taken in');
    bo.roots[entry.index + 1] = entry.root;
    if (count === WINDOW || count === 1_000 || count === LONG) {
      const perSecond = (microseconds: number): string =>
        ((WINDOW * 1e6) / microseconds).toFixed(0);
      console.log(
        `entries of 1 KiB in a room of 2, the ${WINDOW} up to entry ${count}, per second of one core: authored ${perSecond(spent.author)}, received ${perSecond(spent.receive)}; state ${encodeRoom(bo.room).length} bytes`,
      );
    }
    if (count === 1_000 - WINDOW || count === LONG - WINDOW) [spent.author, spent.receive] = [0, 0];
  }
}

const [only, ...sizes] = process.argv.slice(2);
if (only === 'room') {
  await rooms();
} else {
  const said = [only, ...sizes].flatMap((size) => (size === undefined ? [] : [Number(size)]));
  await groups(said.length > 0 ? said : [2, 8, 32, 128]);
  await processing();
  await rooms();
  // The whole 100,000 by `node --expose-gc bench/joining.ts`.
  await joining(10_000);
}
