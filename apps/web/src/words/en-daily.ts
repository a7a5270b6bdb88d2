// The messages of daily work in English: originals, naming somebody, pins, time zones, a client that was started anew.

export const enDaily = {
  'original.title': 'The original',
  'original.explain':
    'The original stays sealed in quarantine. Two officers of your party let it out as a file, never into this page.',
  'original.warning':
    'Opening it can hand your machine, and all that it can reach, to whoever made the file. Open it only on a machine that is connected to nothing and erased afterwards.',
  'original.ask': 'Ask for the original',
  'original.requests': 'Originals that were asked for',
  'original.by': 'Asked by',
  'original.about': 'Entry {entry}:',
  'original.unknown': 'This desk does not have the document that is meant.',
  'original.asked': 'waits for a second officer',
  'original.approved': 'approved',
  'original.expired': 'the approval is too old',
  'original.written': 'written',
  'original.approve': 'Approve that it leaves the quarantine',
  'original.folder': 'Directory on this machine, best on a medium that you take to another one',
  'original.write': 'Write the original there',
  'original.done': 'The original is in this file. Its name keeps programs from opening it:',
  'mention.title': 'Name somebody',
  'mention.you': 'names you',
  'mention.count': '{count, plural, one {# names you} other {# name you}}',
  'pin.add': 'Pin entry {entry}',
  'pin.remove': 'Unpin entry {entry}',
  'pin.title': 'Pinned on this desk',
  'room.since': 'New since you last looked',
  'time.sender': '{time} for the sender ({zone})',
  'live.anew':
    'Your client was started anew. Give its new link here, or in the address bar of this window: everything stays where it is.',
  'live.link': 'New link',
  'live.enter': 'Go on here',
  'live.notLink':
    'This is not the link of this client. If it names another port, open it in a new window; drafts are there too.',
  'waiting.mention': '{count, plural, one {# message names you} other {# messages name you}}',
  'waiting.original-asked': 'An original is asked for by',
  'waiting.original-approved': 'An original may be written now; approved by',
  'kind.original-asked': 'ORIGINAL asked for',
  'kind.original-approved': 'ORIGINAL approved',
  'kind.original-written': 'ORIGINAL written',
  'refusal.words': 'In the desk’s own words',
  'scan.paste': 'A picture of the code can also be pasted or dropped here.',
} as const satisfies Record<string, string>;
