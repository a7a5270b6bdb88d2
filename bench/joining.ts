// What it costs to come into a room with a long record: `node --expose-gc bench/joining.ts [entries]`, 100,000 if none is
// said. The whole record is judged as a guest's desk judges it, from a file, as a desk reads it from the relay in pieces.
//
// A guest uses all cores, so what counts is the clock's time; the same signatures one after the other in one thread are
// measured in the same run, and the processor time beside them says how busy the machine was with other things.

import { closeSync, createReadStream, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, type Ports } from '@parley/kernel';
import {
  acceptWelcome,
  boxKeys,
  encodeRoom,
  joinRoom,
  makeInvitation,
  readJoinRequest,
  requestJoin,
  sealWelcome,
} from '@parley/channel';
import { ownPlace } from '../packages/channel/src/room.ts';
import { authorEntry, encodeEntry, judge, type OpenedEntry } from '@parley/record';
import { entrySignatureHolds } from '../packages/record/src/entry.ts';
import {
  crypto,
  person,
  START_MS,
  summit,
  type Desk,
  type Log,
} from '../packages/channel/testing/town.ts';

const WORDS = 'We propose to take article 7 as it stands. '.repeat(5);
const SAMPLE = 2_000;

const cpuSeconds = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
};

/** Ana says `count` things; each is signed, judged and written to the file, as it would be over months. */
function talk(ana: Desk, count: number, file: number): OpenedEntry[] {
  const sample: OpenedEntry[] = [];
  let { room } = ana;
  const write = (encoded: Uint8Array): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(encoded.length);
    writeSync(file, Buffer.concat([length, encoded]));
  };
  for (const encoded of ana.entries) write(encoded);
  for (let i = 0; i < count; i++) {
    const { root, tree } = room.transcript;
    const place = {
      room: room.room,
      author: ana.identity.deviceId,
      ...ownPlace(room),
      seen: { size: tree.size, root },
      timeMs: START_MS + i * 1_000,
      zone: null,
    };
    const body = { kind: 'text', text: `${i}: ${WORDS}` } as const;
    const { entry } = authorEntry(ana.ports, place, body, ana.identity.signer.secretKey);
    const judged = judge(crypto, room.transcript, entry);
    assert(judged.ok, 'an honest entry stands');
    room = { ...room, transcript: judged.value.transcript };
    write(encodeEntry(entry));
    if (sample.length < SAMPLE) sample.push(entry);
  }
  ana.store(room);
  return sample;
}

async function* entriesOf(path: string, most: number): AsyncGenerator<Uint8Array> {
  let waiting = Buffer.alloc(0);
  let given = 0;
  for await (const piece of createReadStream(path)) {
    waiting = Buffer.concat([waiting, piece as Buffer]);
    let at = 0;
    while (waiting.length - at >= 4 && given < most) {
      const end = at + 4 + waiting.readUInt32BE(at);
      if (end > waiting.length) break;
      yield new Uint8Array(waiting.subarray(at + 4, end));
      given++;
      at = end;
    }
    waiting = waiting.subarray(at);
  }
}

/** The way in up to the welcome, which a guest then opens with the record in hand. */
async function welcomed(log: Log, ana: Desk, guest: ReturnType<typeof person>) {
  const { invitation } = makeInvitation(ana.ports, {
    relay: 'https://relay.example',
    relayKey: new Uint8Array(32),
    inviter: ana.identity.party,
    name: 'talks',
    expiresMs: START_MS + 86_400_000,
  });
  const { joining, request } = await requestJoin(guest.ports, guest.identity, invitation);
  const read = await readJoinRequest(ana.ports, invitation, request);
  assert(read.ok, 'the request reads');
  const { certificate, keyPackage } = read.value;
  assert((await ana.act(log, { kind: 'admit', certificate, keyPackage })) === 'done', 'admitted');
  await ana.settle(log);
  const outcome = ana.seen('admitted').at(-1);
  assert(outcome !== undefined, 'the commit lets the guest in');
  const { capability } = boxKeys(crypto, invitation);
  const made = { welcome: outcome.welcome, capability, history: new Uint8Array(0) };
  const sealed = sealWelcome(ana.ports, invitation, read.value, made);
  assert(sealed.ok, 'the welcome is sealed');
  const welcome = acceptWelcome(guest.ports, guest.identity, joining, sealed.value);
  assert(welcome.ok, 'the welcome opens');
  return { joining, welcome: welcome.value };
}

type Pace = { readonly clock: number; readonly core: number };

/** Starts to count; what it gives back ends it: how many a second, by the clock and for each core's second that was used. */
function pace(): (count: number) => Pace {
  const cpu = process.cpuUsage();
  const start = performance.now();
  return (count) => ({
    clock: count / ((performance.now() - start) / 1_000),
    core: count / cpuSeconds(cpu),
  });
}

/** How many entries of a sample one thread verifies when it does nothing else. */
function signaturesAlone(ports: Ports, ana: Desk, sample: readonly OpenedEntry[]): Pace {
  const { publicKey } = ana.identity.signer;
  const ended = pace();
  for (const { signed } of sample)
    assert(entrySignatureHolds(ports.crypto, signed, publicKey), 'a signature holds');
  return ended(sample.length);
}

export async function joining(count: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-joining-'));
  const path = join(folder, 'entries');
  try {
    const { log, ana } = await summit('joining');
    const before = encodeRoom(ana.room).length;
    const file = openSync(path, 'w');
    const start = process.cpuUsage();
    const had = ana.entries.length;
    const sample = talk(ana, count, file);
    const authored = count / cpuSeconds(start);
    const guest = person('joining', { party: 'City of Gamma', member: 'Gil' });
    const first = ana.room.transcript.tree.size;
    const { joining: asked, welcome } = await welcomed(log, ana, guest);
    for (const encoded of ana.entries.slice(first)) {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(encoded.length);
      writeSync(file, Buffer.concat([length, encoded]));
    }
    closeSync(file);
    // What the rehearsal itself left behind is no part of what a guest needs.
    globalThis.gc?.();
    const restingBytes = process.memoryUsage().rss;
    let mostBytes = restingBytes;
    const ended = pace();
    const entries = entriesOf(path, welcome.ticket.size);
    const joined = await joinRoom(
      guest.ports,
      guest.identity,
      asked,
      welcome,
      entries,
      ({ index }) => {
        if (index % 100 === 0) mostBytes = Math.max(mostBytes, process.memoryUsage().rss);
      },
    );
    assert(joined.ok, `the guest joins${joined.ok ? '' : `: ${joined.reason} ${joined.detail}`}`);
    const { size } = joined.value.transcript.tree;
    const guests = ended(size);
    const alone = signaturesAlone(guest.ports, ana, sample);
    const perSecond = ({ clock, core }: Pace): string =>
      `${clock.toFixed(0)}/s by the clock, ${core.toFixed(0)}/s of a core`;
    const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
    console.log(
      `a record of ${size} entries of ${WORDS.length} bytes (${had} before), on ${availableParallelism()} cores\n` +
        `  authored and judged   ${authored.toFixed(0)}/s of a core\n` +
        `  verified by a guest   ${perSecond(guests)} (goal 2000 by the clock)\n` +
        `  its signatures alone  ${perSecond(alone)}, in one thread: the guest is ${(guests.clock / alone.clock).toFixed(2)}x as fast\n` +
        `  memory                grew by ${mb(mostBytes - restingBytes)} from ${mb(restingBytes)} (goal below 200 MB)\n` +
        `  the room              ${encodeRoom(joined.value).length} bytes for ${joined.value.transcript.devices.size} devices, ${before} for two before`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) await joining(Number(process.argv[2] ?? 100_000));
