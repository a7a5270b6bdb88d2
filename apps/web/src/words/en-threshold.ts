// The messages before the desk in English: setting up, unlocking, codes for a camera, and the tour.

export const enThreshold = {
  'setUp.title': 'Set up your desk',
  'setUp.explain': 'This machine becomes one member’s desk. Keys are made here and never leave it.',
  'setUp.party': 'Party (delegation), as the other side shall see it',
  'setUp.member': 'The person who uses this machine',
  'setUp.device': 'A name for this machine (may stay empty)',
  'setUp.deviceDefault': 'first device',
  'setUp.passphrase': 'Passphrase of the vault',
  'setUp.advice': 'Four words that nobody connects with you are better than one with signs.',
  'setUp.again': 'The same again',
  'setUp.differs': 'The two are not the same.',
  'setUp.strength': 'Strength',
  'strength.0': 'guessed at once',
  'strength.1': 'very weak',
  'strength.2': 'weak',
  'strength.3': 'good',
  'strength.4': 'strong',
  'setUp.recovery': 'Nobody can reset it.',
  'setUp.recoveryMeaning':
    'It alone opens what is on this machine. If it or the machine is lost, a fellow officer of your party admits you on a new device, and the other side sees that it happened. Write it down and keep it apart from the machine.',
  'setUp.act': 'Set up the desk',
  'unlock.title': 'Open your desk',
  'unlock.explain': 'The vault on this machine is locked.',
  'unlock.act': 'Open',
  'invitation.code': 'Or let them scan this code from your screen:',
  'invitation.codeLabel': 'The invitation as a QR code',
  'scan.camera': 'Scan with the camera',
  'scan.picture': 'Read from a picture',
  'scan.nothing': 'No code can be read in this picture.',
  'scan.noCamera': 'There is no camera here, or the browser keeps it closed.',
  'tour.title': 'Tour',
  'tour.step': '{step} of {steps}',
  'tour.on': 'Go on',
  'tour.back': 'Back',
  'tour.leave': 'Leave the tour',
  'tour.start':
    'This is your desk. It runs on this machine alone; the relay sees only sealed envelopes. Your name and your party stand at the top.',
  'tour.channel': 'On this side are your channels and places. A number says what is new.',
  'tour.document':
    'Documents of the other side are taken apart and written anew before you can open them. “Safe copy and report” shows what was removed and what was hidden.',
  'tour.parties':
    'Under Parties you compare words by telephone, and see every device and every change to them.',
  'tour.posture': 'Posture says how strict the channel is now. Raising it is one officer’s act.',
  'tour.mail':
    'Drop a suspicious mail on the Mail place: it is judged by what the verified parties said here.',
  'setUp.haveInvitation': 'I was invited by my own party',
  'setUp.invitation': 'Invitation of your own party',
  'setUp.asked': 'You asked to be let in',
  'setUp.askedMeaning':
    'Read this code to the officer who invited you: they must see the same. When they have let you in, open your desk.',
} as const satisfies Record<string, string>;
