// The messages of talks off the record in English.

export const enOffRecord = {
  'off.title': 'Off the record',
  'off.promise':
    'No signed proof of what is said here is left. It is not deniable: whoever hears it can write it down, photograph it or tell.',
  'off.endsWith':
    'It ends for you when you leave this room, close this window, or your client stops. Nothing of it is kept.',
  'off.start': 'Talk off the record',
  'off.join': 'Join the talk off the record',
  'off.proposes': 'proposed a talk off the record at {time}.',
  'off.logged': 'If both sides agree, the record says that it took place and how long',
  'off.waiting': 'You are there. Nobody who has proven who they are can hear you yet.',
  'off.here': 'Can hear you now:',
  'off.saidToBe': 'Said to be here, not proven:',
  'off.lineDown': 'The relay cannot be reached. What you say waits.',
  'off.lines': 'What is said off the record',
  'off.mark': 'off the record',
  'off.line': 'Say off the record',
  'off.say': 'Say it',
  'off.leave': 'Leave the talk',
  'off.noDocuments': 'Only text: documents are sent on the record.',
  'off.noComposer':
    'While you talk off the record, nothing is written on the record from this room.',
  'off.ended': 'The talk off the record has ended.',
  'off.end.left': 'You have left it.',
  'off.end.over': 'The others have left.',
  'off.end.idle': 'Nobody said anything for a while.',
  'off.end.frozen': 'The room is frozen, or a party in it must be verified anew.',
  'off.end.forked':
    'The relay showed you and another two different talks. Nobody signed anything, so there is no proof of it.',
  'off.end.relay': 'The relay does not carry it any more.',
  'off.end.lost': 'Your client stopped or does not answer. What was said is gone.',
  'off.lasted': 'It lasted {seconds} seconds.',
  'off.published':
    'Your throw-away signing key is published: anybody who was there can sign like you.',
  'off.notPublished': 'Your throw-away signing key could not be published; it is forgotten.',
  'off.unpublished': 'Has not published the key:',
  'off.onRecord': 'The record says that it took place, and nothing of what was said.',
  'off.notOnRecord': 'The record does not say that it took place.',
  'off.close': 'Put this note away',
  'off.refused.nobody-there':
    'Nobody who has proven who they are can hear you yet. Nothing was said.',
  'off.refused.nobody-else': 'There is nobody else in this room to talk to. Invite them first.',
  'off.refused.audience-changed':
    'Somebody came or went while you wrote. Nothing was said: look who is there, and say it again.',
  'off.refused.talk-is-over': 'The talk is over. Nothing was said.',
  'off.refused.already-talking': 'This desk is in a talk here already.',
} as const satisfies Record<string, string>;
