// What an officer does about posture and the line: look, raise, lower with a second officer, check.

import {
  POSTURE_LEVELS,
  POSTURE_TABLE,
  partyLevel,
  roomPosture,
  type PostureLevel,
  type PostureRules,
} from '@parley/channel';
import { toHex } from '@parley/kernel';
import { isOfficer } from '@parley/record';
import type { Context } from './context.ts';
import {
  POSTURE_KINDS,
  leafBytes,
  lineView,
  replayPosture,
  rulesOf,
  type LineView,
} from './posture-record.ts';
import { DeskRefusal } from './refusal.ts';
import { statements } from './statements.ts';
import type { Sent, Traffic } from './traffic.ts';

export type LoweringView = {
  readonly to: PostureLevel;
  readonly proposedBy: string;
  readonly proposalEntry: number;
  /** When it takes effect; null until a second officer agreed. */
  readonly fromMs: number | null;
};

export type PostureView = {
  readonly channel: string;
  /** The strictest of all parties: what the room works by. */
  readonly level: PostureLevel;
  readonly rules: PostureRules;
  readonly parties: readonly {
    readonly party: string;
    readonly mine: boolean;
    readonly level: PostureLevel;
    readonly lowering: LoweringView | null;
  }[];
  readonly line: LineView;
  /** This desk's own keys in the room: a sync after `dueMs` makes new ones. */
  readonly keys: { readonly renewedMs: number; readonly dueMs: number };
};

export class PostureAtDesk {
  readonly #context: Context;
  readonly #traffic: Traffic;

  constructor(context: Context, traffic: Traffic) {
    this.#context = context;
    this.#traffic = traffic;
  }

  /** What each level asks for. */
  table(): Readonly<Record<PostureLevel, PostureRules>> {
    return POSTURE_TABLE;
  }

  view(name: string): PostureView {
    const card = this.#context.openCard(name);
    const { state, said } = replayPosture(this.#context, card);
    const nowMs = this.#context.ports.clock.nowMs();
    const { level, rules } = roomPosture(state, nowMs);
    const own = this.#context.ownParty(card);
    const { transcript, renewedMs } = this.#context.room(card);
    const parties = [...transcript.parties.entries()].map(([fingerprint, party]) => {
      const lowering = state.get(fingerprint)?.lowering ?? null;
      const proposal = said.find(
        (one) => lowering !== null && one.leaf === Buffer.from(lowering.id).toString('hex'),
      );
      const over = lowering?.effectiveMs != null && lowering.effectiveMs <= nowMs;
      return {
        party: party.name,
        mine: fingerprint === Buffer.from(own).toString('hex'),
        level: partyLevel(state, fingerprint, nowMs),
        lowering:
          lowering === null || proposal === undefined || over
            ? null
            : {
                to: lowering.to,
                proposedBy: proposal.member,
                proposalEntry: proposal.entry,
                fromMs: lowering.effectiveMs,
              },
      };
    });
    const line = lineView(this.#context, card, rules);
    const keys = { renewedMs, dueMs: renewedMs + rules.keyUpdateHours * 3_600_000 };
    return { channel: name, level, rules, parties, line, keys };
  }

  #ownLevel(name: string): PostureLevel {
    return this.view(name).parties.find((party) => party.mine)?.level ?? 'calm';
  }

  #requireOfficer(name: string): void {
    const { device, transcript } = this.#context.room(this.#context.openCard(name));
    const own = transcript.devices.get(toHex(device));
    if (own === undefined || isOfficer(own)) return;
    throw new DeskRefusal('policy', 'not-an-officer', {
      message: 'Posture is changed by officers; this device is a member’s.',
      next: 'tell an officer of your party what you know',
    });
  }

  /** One officer's act, at once in force. */
  async raise(name: string, level: PostureLevel, reason: string): Promise<Sent> {
    requireReason(reason);
    this.#requireOfficer(name);
    const now = this.#ownLevel(name);
    if (level === 'calm' || POSTURE_LEVELS.indexOf(level) <= POSTURE_LEVELS.indexOf(now)) {
      throw new DeskRefusal('policy', 'not-higher', {
        message: `Your party's posture is ${now} already.`,
        next: 'to lower it, two officers agree: parley posture lower',
      });
    }
    return this.#traffic.deliver(name, { kind: 'posture-raised', level, reason });
  }

  /** Any officer of the party stops a lowering of its own until it takes effect. */
  async keep(name: string, reason: string): Promise<Sent> {
    requireReason(reason);
    this.#requireOfficer(name);
    const own = this.view(name).parties.find((party) => party.mine);
    if (own === undefined || own.level === 'calm' || own.lowering === null) {
      throw new DeskRefusal('policy', 'nothing-to-stop', {
        message: 'Your party is not lowering its posture here.',
        next: 'look at "parley posture show"',
      });
    }
    return this.#traffic.deliver(name, { kind: 'posture-raised', level: own.level, reason });
  }

  /** The first officer proposes, a second one agrees, and then a waiting time runs. */
  async lower(
    name: string,
    level: PostureLevel,
    reason: string,
  ): Promise<Sent & { effectiveMs: number | null }> {
    this.#requireOfficer(name);
    const { parties } = this.view(name);
    const own = parties.find((party) => party.mine);
    const now = own?.level ?? 'calm';
    const lowering = own?.lowering ?? null;
    if (level === 'severe' || POSTURE_LEVELS.indexOf(level) >= POSTURE_LEVELS.indexOf(now)) {
      throw new DeskRefusal('policy', 'not-lower', {
        message: `Your party's posture is ${now}: ${level} would not lower it.`,
        next: 'look at "parley posture show"',
      });
    }
    const { member } = this.#context.identity.certified;
    const agrees = lowering !== null && lowering.to === level && lowering.fromMs === null;
    if (agrees && lowering.proposedBy === member) {
      throw new DeskRefusal('waiting', 'second-officer', {
        message: `You proposed this yourself (entry ${lowering.proposalEntry}). A second officer of your party must agree.`,
        next: 'ask a fellow officer to run the same command at their desk',
      });
    }
    if (!agrees) requireReason(reason);
    const proposal = agrees
      ? [...statements(this.#context, this.#context.openCard(name), POSTURE_KINDS)].find(
          (one) => one.entry === lowering.proposalEntry,
        )
      : undefined;
    const sent = await this.#traffic.deliver(name, {
      kind: 'posture-lowering',
      level,
      reason: reason === '' ? 'agreed' : reason,
      confirms: proposal === undefined ? null : leafBytes(proposal.leaf),
    });
    const after = this.view(name).parties.find((party) => party.mine)?.lowering ?? null;
    return { ...sent, effectiveMs: after?.fromMs ?? null };
  }

  /** Sends a test of the line; the others' desks answer by themselves at their next sync. */
  async checkLine(name: string): Promise<LineView & { entry: number | null }> {
    const { rules } = rulesOf(this.#context, this.#context.openCard(name));
    const answerBeforeMs =
      this.#context.ports.clock.nowMs() + rules.lineCheckAnswerMinutes * 60_000;
    const sent = await this.#traffic.deliver(name, { kind: 'line-check', answerBeforeMs });
    return { ...this.view(name).line, entry: sent.entry };
  }
}

function requireReason(reason: string): void {
  if (reason.trim() !== '' && Buffer.byteLength(reason) <= 1000) return;
  throw new DeskRefusal('wrong-use', 'reason-needed', {
    message: 'A change of posture needs a reason of 1 to 1000 bytes: it goes into the record.',
    next: 'give --reason TEXT',
  });
}
