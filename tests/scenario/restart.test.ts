// After a fork nothing rejoins by itself: Bo proposes the last checkpoint that both signed, Ana accepts, and the new record
// names the old one, so that an arbiter with both files sees where the channel went on.

import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nativeCrypto } from '@parley/kernel/node';
import type { Desk } from '@parley/desk';
import { logId, type LogId } from '@parley/post';
import { openSqliteStore } from '@parley/relay';
import { verifyFile, verifyRestart, type RecordReport } from '@parley/record';
import { json, parley } from './command.ts';
import { Stage, TALKS, refusalOf, roomIn, textsIn, type Scene } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
});
afterAll(async () => stage.strike());

/** Two histories, of which Bo's desk has seen the crossing entry: his is frozen, Ana's knows nothing yet. */
async function forked(
  scene: Scene,
  [alpha, beta]: readonly [Desk, Desk],
  { name, room }: { name: string; room: LogId },
): Promise<void> {
  await scene.stopRelays();
  scene.copyRelay('relay-of-bo');
  const [first, second] = [await scene.startRelay(), await scene.startRelay('relay-of-bo')];
  scene.gate.upstream = first.url;
  await alpha.say(name, 'as Ana knows it');
  await alpha.say(name, 'and one more');
  scene.gate.upstream = second.url;
  await beta.say(name, 'as Bo knows it');
  const mine = openSqliteStore(scene.path('relay', 'relay.db'));
  const page = await mine.read(room, { after: 0, maxEnvelopes: 100, maxBytes: 2 ** 26 });
  await mine.close();
  const other = openSqliteStore(scene.path('relay-of-bo', 'relay.db'));
  const head = await other.head(room);
  const crossing = page.ok ? page.value.envelopes.at(-1)?.envelope : undefined;
  if (!head.ok || crossing === undefined) throw new Error('there is a log');
  await other.append(room, { expectedSeq: head.value.seq + 1, envelope: crossing, nowMs: 1 });
  await other.close();
  expect(await refusalOf(beta.sync())).toMatchObject({ code: 'fork' });
}

async function reportOf(path: string): Promise<RecordReport> {
  const read = await verifyFile(nativeCrypto, createReadStream(path));
  if (read.kind !== 'record' || !read.verdict.ok) throw new Error('a record that holds');
  return read.verdict.value;
}

describe('a channel with two histories', () => {
  test('goes on by an act of each side, and an arbiter follows the link between the records', async () => {
    const scene = await stage.scene();
    const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
    expect(await refusalOf(alpha.rooms.restart(TALKS))).toMatchObject({
      nature: 'wrong-use',
      code: 'nothing-to-restart',
    });
    await forked(scene, [alpha, beta], { name: TALKS, room: roomIn(scene.path('relay')) });
    const proposed = await beta.rooms.restart(TALKS);
    expect(proposed).toMatchObject({ act: 'proposed', earlier: `${TALKS}.1` });
    expect(proposed.from.evidence).toMatch(/^[0-9a-f]{64}$/);
    expect(await refusalOf(beta.say(TALKS, 'too early'))).toMatchObject({
      nature: 'waiting',
      code: 'restart-not-accepted',
    });

    // Ana's desk hears of it, and does nothing by itself.
    await alpha.sync().catch(() => undefined);
    const [waiting] = alpha.rooms.list(TALKS);
    expect(waiting?.overdue.join()).toContain('Republic of Beta / Bo proposes to go on');
    const accepted = await alpha.rooms.restart(TALKS);
    expect(accepted).toMatchObject({ act: 'accepted', from: proposed.from });
    await beta.sync(TALKS);
    await alpha.sync(TALKS);
    await beta.sync(TALKS);
    const sent = await beta.say(TALKS, 'Where were we?');
    expect(sent).toMatchObject({ room: 'plenary', verified: true });
    await alpha.sync(TALKS);
    expect(textsIn(alpha)).toEqual(['Where were we?']);
    expect(textsIn(alpha, `${TALKS}.1`)).toContain('as Ana knows it');
    expect(await refusalOf(alpha.say(`${TALKS}.1`, 'in the old room'))).toMatchObject({
      nature: 'tampering',
    });

    const [earlier, later] = [scene.path('earlier.parley'), scene.path('later.parley')];
    await alpha.exportRecord(`${TALKS}.1`, earlier);
    await alpha.exportRecord(TALKS, later);
    const report = await reportOf(later);
    expect(report.terms.earlier).toMatchObject({
      size: proposed.from.size,
      root: proposed.from.root,
    });
    expect(await verifyRestart(nativeCrypto, report, createReadStream(earlier))).toMatchObject({
      ok: true,
    });
    const told = await parley(['record', 'verify', later, '--earlier', earlier, '--json']);
    expect(told.exit).toBe(0);
    expect(json(told)).toMatchObject({ ok: true, earlier: { size: report.terms.earlier?.size } });
    const swapped = await parley(['record', 'verify', earlier, '--earlier', later, '--json']);
    expect(swapped.exit).toBe(5);
    expect(json(swapped)).toMatchObject({ error: { code: 'no-restart' } });
    // The file that proves the fork is the one that the new record names.
    const frozen = await refusalOf(beta.sync(`${TALKS}.1`));
    const evidence = readFileSync(String(frozen.data['evidence']));
    expect(createHash('sha256').update(evidence).digest('hex')).toBe(proposed.from.evidence);
  });

  test('of which the relay shows another than the desk holds goes on as well, before any entry crosses', async () => {
    const scene = await stage.scene();
    const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
    await scene.stopRelays();
    scene.copyRelay('relay-of-bo');
    await scene.startRelay();
    scene.gate.upstream = (await scene.startRelay('relay-of-bo')).url;
    await beta.say(TALKS, 'as Bo knows it');
    // The relay is put back to a copy of before: Ana's desk knows of nothing else.
    await scene.stopRelays();
    scene.gate.upstream = (await scene.startRelay()).url;
    await alpha.say(TALKS, 'as Ana knows it');
    const stopped = await refusalOf(beta.sync());
    expect(stopped).toMatchObject({ nature: 'tampering', code: 'relay-rewrote-history' });
    expect(stopped.next).toMatch(/parley channel restart talks$/);
    expect((await refusalOf(alpha.rooms.restart(TALKS))).code).toBe('nothing-to-restart');
    const proposed = await beta.rooms.restart(TALKS);
    const proof = readFileSync(String(stopped.data['evidence']));
    expect(proposed).toMatchObject({
      act: 'proposed',
      from: { evidence: createHash('sha256').update(proof).digest('hex') },
    });
    await alpha.sync();
    expect(await alpha.rooms.restart(TALKS)).toMatchObject({
      act: 'accepted',
      from: proposed.from,
    });
    for (const desk of [beta, alpha, beta]) await desk.sync(TALKS);
    await beta.say(TALKS, 'Where were we?');
    await alpha.sync(TALKS);
    expect(textsIn(alpha)).toEqual(['Where were we?']);
    expect(textsIn(alpha, `${TALKS}.1`)).toEqual(['as Ana knows it']);
    expect(textsIn(beta, `${TALKS}.1`)).toEqual(['as Bo knows it']);
  });

  test('may be two of one of its rooms alone: that goes on anew for the same parties, and the channel never stopped', async () => {
    const scene = await stage.scene();
    const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
    const chairs = `${TALKS}/chairs`;
    const asked = { channel: TALKS, kind: 'bilateral', with: ['Republic of Beta'] } as const;
    await alpha.rooms.open({ ...asked, name: 'chairs' });
    for (let round = 0; round < 2; round++) for (const desk of [beta, alpha]) await desk.sync();
    const before = scene.path('chairs.parley');
    await beta.exportRecord(chairs, before);
    const { room } = await reportOf(before);
    await forked(scene, [alpha, beta], { name: chairs, room: logId(Buffer.from(room, 'hex')) });
    await beta.say(TALKS, 'The chairs were shown two histories.');
    const proposed = await beta.rooms.restart(chairs);
    expect(proposed).toMatchObject({ act: 'proposed', earlier: `${chairs}.1` });
    await alpha.sync().catch(() => undefined);
    expect(
      alpha.rooms
        .list(TALKS)
        .find(({ name }) => name === chairs)
        ?.overdue.join(),
    ).toContain('Republic of Beta / Bo proposes to go on');
    expect(await alpha.rooms.restart(chairs)).toMatchObject({ act: 'accepted' });
    await beta.sync();
    await alpha.sync(chairs);
    await beta.sync(chairs);
    expect(await beta.say(chairs, 'Where were we?')).toMatchObject({ room: 'bilateral' });
    await alpha.sync(chairs);
    expect(textsIn(alpha, chairs)).toEqual(['Where were we?']);
    const after = scene.path('chairs-anew.parley');
    await alpha.exportRecord(chairs, after);
    const report = await reportOf(after);
    expect(report.terms).toMatchObject({ kind: 'bilateral', earlier: { room } });
    expect(report.terms.parties).toEqual((await reportOf(before)).terms.parties);
  });
});
