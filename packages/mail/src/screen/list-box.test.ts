import { expect, test } from 'vitest';
import { check, mail } from '../testing/world.ts';

const POST = 'From: Anna <anna@elsewhere.example>';
const LIST = 'List-Id: Talks <talks.mofa.example.org>';

test.each([
  ['talks-admin@mofa.example.org', LIST, 'unknown'],
  ['talks-bounces+anna=elsewhere.example@mofa.example.org', LIST, 'unknown'],
  ['owner-talks@mofa.example.org', 'X-BeenThere: talks@mofa.example.org', 'unknown'],
  // Without a list, or for a person's address, the second sender line is a claim like any other.
  ['talks-admin@mofa.example.org', 'X-Other: 1', 'suspicious'],
  ['kim@mofa.example.org', LIST, 'suspicious'],
  ['"Kim Jong-su" <talks-admin@mofa.example.org>', LIST, 'suspicious'],
])(
  'a stranger through a list of the party: Sender %s with %s is %s',
  async (sender, list, verdict) => {
    expect((await check(mail(`${POST}\nSender: ${sender}\n${list}`))).verdict).toBe(verdict);
  },
);
