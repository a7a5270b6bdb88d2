// The messages before the desk in French: setting up, unlocking, and codes for a camera.

import type { enThreshold } from './en-threshold.ts';

export const frThreshold: Readonly<Record<keyof typeof enThreshold, string>> = {
  'setUp.title': 'Installer votre bureau',
  'setUp.explain':
    'Cette machine devient le bureau d’un membre. Les clés sont créées ici et n’en sortent jamais.',
  'setUp.party': 'Partie (délégation), telle que l’autre côté la verra',
  'setUp.member': 'La personne qui utilise cette machine',
  'setUp.device': 'Un nom pour cette machine (facultatif)',
  'setUp.deviceDefault': 'premier appareil',
  'setUp.passphrase': 'Phrase secrète du coffre',
  'setUp.advice':
    'Quatre mots que personne n’associe à vous valent mieux qu’un mot avec des signes.',
  'setUp.again': 'La même encore une fois',
  'setUp.differs': 'Les deux ne sont pas identiques.',
  'setUp.strength': 'Solidité',
  'strength.0': 'devinée aussitôt',
  'strength.1': 'très faible',
  'strength.2': 'faible',
  'strength.3': 'bonne',
  'strength.4': 'forte',
  'setUp.recovery': 'Personne ne peut la réinitialiser.',
  'setUp.recoveryMeaning':
    'Elle seule ouvre ce qui est sur cette machine. Si elle ou la machine est perdue, un responsable de votre partie vous admet sur un nouvel appareil, et l’autre côté le voit. Notez-la et gardez-la loin de la machine.',
  'setUp.act': 'Installer le bureau',
  'unlock.title': 'Ouvrir votre bureau',
  'unlock.explain': 'Le coffre de cette machine est verrouillé.',
  'unlock.act': 'Ouvrir',
  'invitation.code': 'Ou laissez-les scanner ce code sur votre écran :',
  'invitation.codeLabel': 'L’invitation en code QR',
  'scan.camera': 'Scanner avec la caméra',
  'scan.picture': 'Lire depuis une image',
  'scan.nothing': 'Aucun code lisible dans cette image.',
  'scan.noCamera': 'Aucune caméra ici, ou le navigateur la garde fermée.',
};
