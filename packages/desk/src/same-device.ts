// One device in several rooms of a channel: it is known by its keys, since its certificate may differ from room to room.

import { sameBytes, toHex } from '@parley/kernel';
import type { Device, Transcript } from '@parley/record';
import type { Context, OpenCard } from './context.ts';

/** The device of a record that has these keys, whichever certificate brought it there. */
export function sameDevice(
  { devices }: Transcript,
  { id, signer }: { id: Device['id']; signer: Uint8Array },
): Device | undefined {
  return (
    devices.get(toHex(id)) ??
    [...devices.values()].find(({ certificate }) => sameBytes(certificate.signer, signer))
  );
}

/** As `sameDevice`, for a device of another room of the channel. */
export function counterpart(
  transcript: Transcript,
  { id, certificate }: Device,
): Device | undefined {
  return sameDevice(transcript, { id, signer: certificate.signer });
}

/**
 * The device as the channel has it: by its plenary, or, where that went on after a fork and the device has not come over
 * yet, by the record before.
 */
export function inChannel(context: Context, plenary: OpenCard, device: Device): Device | undefined {
  const { transcript } = context.room(plenary);
  const here = counterpart(transcript, device);
  const { earlier } = transcript.terms;
  if (here !== undefined || earlier === null) return here;
  const before = context.roomNamed(earlier.room);
  return before === undefined ? undefined : counterpart(before.transcript, device);
}
