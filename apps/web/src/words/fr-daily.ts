// The messages of daily work in French: originals, naming somebody, pins, time zones, a client that was started anew.

import type { enDaily } from './en-daily.ts';

export const frDaily: Readonly<Record<keyof typeof enDaily, string>> = {
  'original.title': 'L’original',
  'original.explain':
    'L’original reste scellé en quarantaine. Deux responsables de votre partie le laissent sortir dans un fichier, jamais dans cette page.',
  'original.warning':
    'L’ouvrir peut livrer votre machine, et tout ce qu’elle peut atteindre, à celui qui a fait le fichier. Ne l’ouvrez que sur une machine reliée à rien et effacée ensuite.',
  'original.ask': 'Demander l’original',
  'original.requests': 'Originaux demandés',
  'original.by': 'Demandé par',
  'original.about': 'Entrée {entry} :',
  'original.unknown': 'Ce bureau n’a pas le document dont il s’agit.',
  'original.asked': 'attend un deuxième responsable',
  'original.approved': 'approuvé',
  'original.expired': 'l’approbation est trop ancienne',
  'original.written': 'écrit',
  'original.approve': 'Approuver qu’il quitte la quarantaine',
  'original.folder':
    'Dossier sur cette machine, de préférence sur un support que vous portez à une autre',
  'original.write': 'Y écrire l’original',
  'original.done': 'L’original est dans ce fichier. Son nom empêche les programmes de l’ouvrir :',
  'mention.title': 'Nommer quelqu’un',
  'mention.you': 'vous nomme',
  'mention.count': '{count, plural, one {# vous nomme} other {# vous nomment}}',
  'pin.add': 'Épingler l’entrée {entry}',
  'pin.remove': 'Détacher l’entrée {entry}',
  'pin.title': 'Épinglé sur ce bureau',
  'room.since': 'Nouveau depuis votre dernier regard',
  'time.sender': '{time} pour l’expéditeur ({zone})',
  'live.anew':
    'Votre client a été relancé. Donnez ici son nouveau lien, ou dans la barre d’adresse de cette fenêtre : tout reste à sa place.',
  'live.link': 'Nouveau lien',
  'live.enter': 'Continuer ici',
  'live.notLink':
    'Ce n’est pas le lien de ce client. S’il nomme un autre port, ouvrez-le dans une nouvelle fenêtre ; les brouillons y sont aussi.',
  'waiting.mention': '{count, plural, one {# message vous nomme} other {# messages vous nomment}}',
  'waiting.original-asked': 'Un original est demandé par',
  'waiting.original-approved': 'Un original peut être écrit maintenant ; approuvé par',
  'kind.original-asked': 'ORIGINAL demandé',
  'kind.original-approved': 'ORIGINAL approuvé',
  'kind.original-written': 'ORIGINAL écrit',
  'refusal.words': 'Dans les mots du bureau (en anglais)',
  'scan.paste': 'Une image du code peut aussi être collée ou déposée ici.',
};
