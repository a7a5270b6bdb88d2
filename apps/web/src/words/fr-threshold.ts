// The messages before the desk in French: setting up, unlocking, codes for a camera, and the tour.

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
  'tour.title': 'Visite',
  'tour.step': '{step} sur {steps}',
  'tour.on': 'Continuer',
  'tour.back': 'Retour',
  'tour.leave': 'Quitter la visite',
  'tour.start':
    'Voici votre bureau. Il ne fonctionne que sur cette machine ; le relais ne voit que des enveloppes scellées. Votre nom et votre partie sont en haut.',
  'tour.channel':
    'De ce côté se trouvent vos canaux et vos lieux. Un nombre indique ce qui est nouveau.',
  'tour.document':
    'Les documents de l’autre côté sont démontés et réécrits avant que vous puissiez les ouvrir. « Copie sûre et rapport » montre ce qui a été retiré et ce qui était caché.',
  'tour.parties':
    'Sous Parties, vous comparez des mots par téléphone et voyez chaque appareil et chaque changement.',
  'tour.posture':
    'La posture dit à quel point le canal est strict. La relever est l’acte d’un seul responsable.',
  'tour.mail':
    'Déposez un courriel suspect dans Courriel : il est jugé d’après ce que les parties vérifiées ont dit ici.',
  'setUp.haveInvitation': 'Ma propre partie m’a invité',
  'setUp.invitation': 'Invitation de votre partie',
  'setUp.asked': 'Vous avez demandé à entrer',
  'setUp.askedMeaning':
    'Lisez ce code au responsable qui vous a invité : il doit voir le même. Quand il vous aura admis, ouvrez votre bureau.',
};
