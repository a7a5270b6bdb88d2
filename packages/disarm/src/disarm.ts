// A document in; a safe copy and a report out. The whole promise of this package is the last line of `disarm`.

import { accept, refuse, say, type Verdict } from '@parley/kernel';

import { Budget } from './budget.ts';
import { Builder, type ProgressListener } from './builder.ts';
import { runCage, STOOD_STILL, type CageResult, type StartedChild } from './cage/cage.ts';
import type { DisarmReason, Job } from './cage/job.ts';
import { formatDetail } from './details.ts';
import { engineLine } from './engine-pins.ts';
import type { WarmOffice } from './cage/warm.ts';
import { detect, isOffice, type Detected, type Kind } from './kind.ts';
import { FRAME } from './list/frame.ts';
import { OFFICE_PACKAGES, editableAs, enginesOf, packagesOf } from './needs.ts';
import type { Original } from './original.ts';
import { disarmParts, type Rebuilt } from './parts.ts';
import { policyLine, type Policy } from './policy.ts';
import { howToConvert } from './refusals.ts';
import type { Report } from './report.ts';
import { mintSafeCopy } from './safe-copy.ts';

export type Disarmed = Rebuilt & {
  /** What made the copy: our writers and the engines with their hashes. */
  readonly engine: string;
  /** What decided the bytes of the copy. */
  readonly policy: string;
  /** Most memory the cage took, in bytes, where the machine tells. Not part of the record: it differs between runs. */
  readonly cagePeakBytes: number;
  /** Processor time of the cages, where the machine tells. Not part of the record either. */
  readonly cageCpuMs: number;
};

export type DisarmOptions = {
  readonly signal?: AbortSignal;
  readonly onProgress?: ProgressListener;
  /** Office engines started ahead, for whoever rebuilds several documents in a row. */
  readonly warm?: WarmOffice | undefined;
  /** For encrypted documents. */
  readonly password?: string;
};

/**
 * Rebuilds a document. Promises: the copy was made by our own writers from a checked display list; the same original,
 * policy and engines give the same bytes. Refuses with a reason of `DisarmReason`; it never gives a part of a document.
 */
export async function disarm(
  original: Original,
  policy: Policy,
  options: DisarmOptions = {},
): Promise<Verdict<Disarmed, DisarmReason>> {
  return disarmAt(original, policy, options);
}

/** Where in a tree of mails and archives a document stands; undefined for the outermost. */
type Place = { readonly depth: number; readonly budget: Budget };

async function disarmAt(
  original: Original,
  policy: Policy,
  given: DisarmOptions,
  place?: Place,
): Promise<Verdict<Disarmed, DisarmReason>> {
  const options = place === undefined ? given : within(given, place.budget);
  if (original.bytes.length === 0) return refuse('empty');
  if (original.bytes.length > policy.inputMaxBytes) {
    return refuse('too-large', {
      detail: `${original.bytes.length} bytes, over ${policy.inputMaxBytes}`,
    });
  }
  const opened = await openLocked(original.bytes, policy, options);
  if (!opened.ok) return opened;
  const bytes = opened.value;
  const detected = detect(bytes);
  const advice = howToConvert(detected.kind);
  if (advice !== undefined) return refuse('unsupported', { detail: advice });
  const builder = new Builder(policy, options.onProgress, detected);
  if (bytes !== original.bytes) builder.findings.notes.push(say('was-locked'));
  const editable = editableAs(detected.kind, policy);
  const throughEngine = isOffice(detected.kind) && detected.kind !== editable;
  if (!throughEngine) options.warm?.start();
  const ran = throughEngine
    ? await throughOffice(bytes, detected, builder, policy, options)
    : await runCage(jobOf(detected.kind, policy, options), bytes, policy, {
        signal: options.signal,
        packages: packagesOf(detected.kind, policy),
        onFrame: ({ type, payload }) => builder.frame(type, payload),
      });
  if (!ran.ok) return ran;
  const depth = place?.depth ?? 0;
  const budget = place?.budget ?? new Budget(policy);
  const parts = await disarmParts(builder.parts, builder.findings.unreached, {
    depth,
    policy,
    budget,
    signal: given.signal,
    rebuild: (part) => disarmAt(part, policy, given, { depth: depth + 1, budget }),
  });
  if (!parts.ok) return parts;
  const built = builder.finish();
  if (!built.ok) return built;
  const { safeBytes, kind } = built.value;
  for (const other of detected.also)
    builder.findings.removed('other-format', { text: formatDetail(other) });
  const { findings } = builder;
  const report: Report = {
    version: 2,
    detected: detected.kind,
    also: detected.also,
    originalSha256: original.sha256,
    originalBytes: original.bytes.length,
    pages: builder.pages,
    removed: findings.removedList(),
    hidden: findings.hiddenList(),
    links: findings.links,
    remarks: findings.remarks,
    notes: findings.notes,
    cage: ran.value.report,
    parts: parts.value.reports,
  };
  return accept({
    safe: mintSafeCopy(safeBytes, kind),
    parts: parts.value.copies,
    report,
    engine: engineLine(...enginesOf(detected.kind, policy)),
    policy: policyLine(policy),
    cagePeakBytes: ran.value.peakBytes,
    cageCpuMs: ran.value.cpuMs,
  });
}

/** The same wishes, ended also by the budget of the whole. */
function within(options: DisarmOptions, { over }: Budget): DisarmOptions {
  const signal = options.signal === undefined ? over : AbortSignal.any([options.signal, over]);
  return { ...options, signal };
}

function jobOf(kind: Kind, policy: Policy, options: DisarmOptions): Job {
  return {
    kind,
    mode: policy.mode,
    rasterDpi: policy.rasterDpi,
    pictureDpi: policy.pictureDpi,
    likenessFloor: policy.likenessFloor,
    pagesMax: policy.pagesMax,
    pixelsMax: policy.pixelsMax,
    pageSideMax: policy.pageSideMax,
    memoryMaxBytes: policy.memoryMaxBytes,
    inputMaxBytes: policy.inputMaxBytes,
    partsMax: policy.partsMax,
    into: isOffice(kind) ? (editableAs(kind, policy) ?? 'pdf') : null,
    told: false,
    password: options.password ?? null,
    languages: policy.languages,
  };
}

/** The bytes themselves, or what is inside an encrypted Office file, which a cage of its own opens. */
async function openLocked(
  bytes: Uint8Array,
  policy: Policy,
  options: DisarmOptions,
): Promise<Verdict<Uint8Array, DisarmReason>> {
  if (detect(bytes).kind !== 'ole-encrypted') return accept(bytes);
  let inside: Uint8Array | undefined;
  const ran = await runCage(jobOf('ole-encrypted', policy, options), bytes, policy, {
    signal: options.signal,
    packages: packagesOf('ole-encrypted', policy),
    onFrame: ({ type, payload }) => {
      if (type !== FRAME.document || inside !== undefined) return 'cage-broken';
      inside = payload;
      return undefined;
    },
  });
  if (!ran.ok) return ran;
  if (inside === undefined) return refuse('cage-broken');
  return detect(inside).kind === 'ole-encrypted' ? refuse('unsupported') : accept(inside);
}

/** Two cages in a row: the office engine makes pages, the page engine rebuilds them. Neither sees the other. */
async function throughOffice(
  bytes: Uint8Array,
  detected: Detected,
  builder: Builder,
  policy: Policy,
  options: DisarmOptions,
): Promise<Verdict<CageResult, DisarmReason>> {
  const editable = editableAs(detected.kind, policy);
  const started = options.warm?.takeOffice();
  // While this document is worked on, the next one's engine starts.
  options.warm?.start();
  let pages: Uint8Array | undefined;
  let told = false;
  let leftMs = policy.officeMs;
  const convert = (from: StartedChild | undefined, standstill: boolean) =>
    runCage(
      {
        ...jobOf(detected.kind, policy, options),
        told,
        memoryMaxBytes: policy.officeMemoryMaxBytes,
      },
      bytes,
      {
        ...policy,
        memoryMaxBytes: policy.officeMemoryMaxBytes,
        documentMs: leftMs,
        // The engine has no word to say while it writes all pages at once.
        silenceMs: Number.POSITIVE_INFINITY,
      },
      {
        signal: options.signal,
        packages: OFFICE_PACKAGES,
        // Starting the engine has a time of its own: the document is not read before.
        ahead: ['office', ''],
        started: from,
        standstill,
        threads: true,
        onSpent: (ms) => (leftMs = Math.max(0, leftMs - ms)),
        onFrame: ({ type, payload }) => {
          told ||= type === FRAME.remark;
          if (type !== FRAME.document) return builder.frame(type, payload);
          pages = payload;
          return undefined;
        },
      },
    );
  let first = await convert(started, true);
  // On a crowded machine one start in fifteen was seen whose threads wait for each other for ever, on any document. There
  // are documents that always bring it about: all tries share the time of one, and a last half is not begun.
  for (const last of [false, true]) {
    if (first.ok || first.detail !== STOOD_STILL || leftMs < policy.officeMs / 2) break;
    first = await convert(undefined, !last);
  }
  if (!first.ok) return first;
  if (pages === undefined) return refuse('cage-broken');
  const ready =
    editable === undefined && policy.mode === 'structure' ? options.warm?.takePages() : undefined;
  // What the office engine adds to its own PDF is not the sender's.
  builder.findings.muteEngine();
  const second = await runCage(
    { ...jobOf(editable ?? 'pdf', policy, options), told: true, password: null },
    pages,
    policy,
    {
      signal: options.signal,
      packages: packagesOf(editable ?? 'pdf', policy),
      started: ready,
      onFrame: ({ type, payload }) => builder.frame(type, payload),
    },
  );
  if (!second.ok) return second;
  const peakBytes = Math.max(first.value.peakBytes, second.value.peakBytes);
  const cpuMs = first.value.cpuMs + second.value.cpuMs;
  return accept({ report: second.value.report, peakBytes, cpuMs });
}
