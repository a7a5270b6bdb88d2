// Why a document was refused, where a rule of a mail comes from, and the outlook's own words, in English.

export const enReasons = {
  'alarm.party': 'A party did something that you must know.',
  'doubt.title': 'Two safe copies cannot both be true:',
  'frozen.meaning': 'Nothing can be said in it any more.',
  'reason.empty': 'It is empty. Ask the sender to send it again.',
  'reason.encrypted': 'It is encrypted. Ask for a copy without a password.',
  'reason.wrong-password': 'The password does not open it. Ask the sender for it again, by voice.',
  'reason.broken': 'It is damaged. Ask the sender to export it again, best as PDF.',
  'reason.unsupported':
    'This kind cannot be rebuilt. Ask for PDF, DOCX, XLSX, PPTX, a picture or plain text.',
  'reason.too-large': 'It is larger than the rule allows. Ask the sender to split it.',
  'reason.too-many-pages': 'It has more pages than the rule allows. Ask for the part that matters.',
  'reason.page-too-large': 'A page is larger than the rule allows. Ask for an ordinary paper size.',
  'reason.too-many-pixels':
    'A picture has more pixels than the rule allows. Ask for a smaller one.',
  'reason.too-many-parts': 'It holds more files than the rule allows. Ask for them one by one.',
  'reason.too-deep':
    'Archives or mails stand too deep inside one another. Ask for the inner files.',
  'reason.not-reached': 'Time or space was used up before it. Ask for this file by itself.',
  'reason.compression-bomb':
    'It unpacks to far more than its size: a compression bomb. Do not open the original; tell your security officer.',
  'reason.output-too-large':
    'The safe copy would be larger than the rule allows. Ask the sender to split it.',
  'reason.timeout': 'Rebuilding took too long. Ask for a simpler export; it can be an attack.',
  'reason.memory':
    'Rebuilding needed too much memory. Ask for a simpler export; it can be an attack.',
  'reason.cage-missing':
    'The rule wants bubblewrap, which does not work on this machine. Install it.',
  'reason.cage-broken':
    'The confined reader answered in a way it must not; its work was thrown away. Do not open the original; tell your security officer.',
  'reason.cancelled': 'It was cancelled. Start it again.',
  'found.formula': 'a formula that is not plain arithmetic (its value is kept)',
  'found.defined-name': 'a name for cells',
  'outlook.between': '{who} against {whom}',
  'outlook.interval': '{p} ({low} to {high}),',
  'outlook.fromTo': 'from {from} to {to}',
  'outlook.holidays': 'Attacks timed around holidays: the data does not support that claim.',
  'chance.almost-no-chance': 'almost no chance',
  'chance.very-unlikely': 'very unlikely',
  'chance.unlikely': 'unlikely',
  'chance.roughly-even-chance': 'roughly even chance',
  'chance.likely': 'likely',
  'chance.very-likely': 'very likely',
  'chance.almost-certain': 'almost certain',
  'source.D5': 'impersonation by display name, as in public mail rule sets',
  'source.D8': 'sender profile of this mailbox',
  'source.D11': 'anchor text and target compared',
  'source.D15': 'the party’s signed directory',
  'source.D16': 'the party’s attestations and day seals in the channel',
} as const satisfies Record<string, string>;
