// The invitations of one's own party that this desk gave out: what is kept of each, and who asks in its box.

import {
  assert,
  bytes,
  decode,
  encode,
  list,
  nullable,
  struct,
  text,
  toHex,
  uint,
  word,
  type Decoded,
} from '@parley/kernel';
import {
  FELLOW_ROOMS_MAX,
  boxKeys,
  openFellowTerms,
  readFellowRequest,
  readInvitation,
  type FellowRequest,
  type Invitation,
} from '@parley/channel';
import { ROLES, type Device, type DeviceId } from '@parley/record';
import type { Context } from './context.ts';
import { boxLog, taken } from './invitation-box.ts';

const INVITED = 'fellow-invited';

const invitedCodec = struct({
  text: text(4096),
  member: text(120),
  role: word(ROLES),
  expiresMs: uint(),
  /** Set by an officer's explicit act: the request, the certificate, and the rooms in the order of its key packages. */
  admitted: nullable(
    struct({
      request: bytes({ max: 1_048_576 }),
      signature: bytes({ max: 4_096 }),
      rooms: list(bytes({ exactly: 32 }), FELLOW_ROOMS_MAX),
    }),
  ),
  answered: uint(FELLOW_ROOMS_MAX),
});
export type Invited = Decoded<typeof invitedCodec>;

export function putInvited({ vault }: Pick<Context, 'vault'>, box: string, invited: Invited): void {
  vault.put(INVITED, box, encode(invitedCodec, invited));
}

/** All that are kept, by the name of their box. */
export function invitations({
  ports,
  vault,
}: Pick<Context, 'ports' | 'vault'>): { invited: Invited; invitation: Invitation; box: string }[] {
  return vault.list(INVITED).map((stored) => {
    const invited = decode(invitedCodec, stored);
    assert(invited.ok, 'an invitation of ours reads back');
    const invitation = readInvitation(ports.crypto, invited.value.text, 0);
    assert(invitation.ok, 'an invitation of ours reads back');
    const box = toHex(boxKeys(ports.crypto, invitation.value).id);
    return { invited: invited.value, invitation: invitation.value, box };
  });
}

/** The request in the box; undefined where nobody asked, a sentence where it cannot be read. */
export async function requestIn(
  context: Pick<Context, 'ports'>,
  invitation: Invitation,
  { invited, known }: { invited: Invited; known: (id: DeviceId) => Device | undefined },
): Promise<{ request: FellowRequest; envelope: Uint8Array } | string | undefined> {
  const { ports } = context;
  const page = await boxLog(context, invitation).read({ after: 0, limit: 2 });
  if (!page.ok) return `the relay refuses: ${page.reason}`;
  const [first, asked] = page.value.envelopes;
  if (first === undefined || asked === undefined) return undefined;
  const terms = openFellowTerms(ports.crypto, invitation, first.envelope);
  if (!terms.ok) return `the box of the invitation is ${terms.reason}`;
  const ours = (id: DeviceId): boolean => {
    const device = known(id);
    return device !== undefined && device.member === invited.member && device.removed === null;
  };
  const { envelope } = asked;
  const request = await readFellowRequest(ports, invitation, terms.value, envelope, ours);
  if (request.ok) return { request: request.value, envelope };
  return `somebody used the invitation of ${invited.member}, but the request is ${request.reason}`;
}

/** The request as it was when an officer admitted it: an invitation that has expired since was used in time. */
export async function requestAgain(
  context: Pick<Context, 'ports'>,
  invitation: Invitation,
  envelope: Uint8Array,
): Promise<FellowRequest> {
  const { ports } = context;
  const page = taken(await boxLog(context, invitation).read({ after: 0, limit: 1 }));
  const first = page.envelopes[0];
  const terms =
    first === undefined ? undefined : openFellowTerms(ports.crypto, invitation, first.envelope);
  assert(terms?.ok === true, 'our own terms read back');
  const request = await readFellowRequest(ports, invitation, terms.value, envelope, () => true);
  assert(request.ok, 'a request that was admitted reads back');
  return request.value;
}
