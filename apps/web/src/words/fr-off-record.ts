// The messages of talks off the record in French.

import type { enOffRecord } from './en-off-record.ts';

export const frOffRecord: Readonly<Record<keyof typeof enOffRecord, string>> = {
  'off.title': 'Hors procès-verbal',
  'off.promise':
    'Aucune preuve signée de ce qui se dit ici ne subsiste. Ce n’est pas niable : qui l’entend peut le noter, le photographier ou le répéter.',
  'off.endsWith':
    'Il se termine pour vous quand vous quittez cette salle, fermez cette fenêtre ou que votre client s’arrête. Rien n’en est conservé.',
  'off.start': 'Parler hors procès-verbal',
  'off.join': 'Rejoindre l’échange hors procès-verbal',
  'off.proposes': 'a proposé un échange hors procès-verbal à {time}.',
  'off.logged':
    'Si les deux parties y consentent, le procès-verbal dit qu’il a eu lieu et combien de temps',
  'off.waiting': 'Vous y êtes. Personne qui ait prouvé son identité ne peut encore vous entendre.',
  'off.here': 'Vous entendent maintenant :',
  'off.saidToBe': 'Se dit présent, sans preuve :',
  'off.lineDown': 'Le relais est injoignable. Ce que vous dites attend.',
  'off.lines': 'Ce qui se dit hors procès-verbal',
  'off.mark': 'hors procès-verbal',
  'off.line': 'Dire hors procès-verbal',
  'off.say': 'Le dire',
  'off.leave': 'Quitter l’échange',
  'off.noDocuments': 'Du texte seulement : les documents s’envoient au procès-verbal.',
  'off.noComposer':
    'Tant que vous parlez hors procès-verbal, rien ne s’écrit au procès-verbal depuis cette salle.',
  'off.ended': 'L’échange hors procès-verbal est terminé.',
  'off.end.left': 'Vous l’avez quitté.',
  'off.end.over': 'Les autres sont partis.',
  'off.end.idle': 'Personne n’a rien dit depuis un moment.',
  'off.end.frozen': 'La salle est gelée, ou une partie doit être vérifiée à nouveau.',
  'off.end.forked':
    'Le relais vous a montré, à vous et à un autre, deux échanges différents. Personne n’a rien signé : il n’y en a pas de preuve.',
  'off.end.relay': 'Le relais ne le transporte plus.',
  'off.end.lost': 'Votre client s’est arrêté ou ne répond pas. Ce qui a été dit a disparu.',
  'off.lasted': 'Il a duré {seconds} secondes.',
  'off.published':
    'Votre clé de signature jetable est publiée : quiconque était là peut signer comme vous.',
  'off.notPublished': 'Votre clé de signature jetable n’a pas pu être publiée ; elle est oubliée.',
  'off.unpublished': 'N’a pas publié la clé :',
  'off.onRecord': 'Le procès-verbal dit qu’il a eu lieu, et rien de ce qui a été dit.',
  'off.notOnRecord': 'Le procès-verbal ne dit pas qu’il a eu lieu.',
  'off.close': 'Ranger cette note',
  'off.refused.nobody-there':
    'Personne qui ait prouvé son identité ne peut encore vous entendre. Rien n’a été dit.',
  'off.refused.nobody-else': 'Il n’y a personne d’autre dans cette salle. Invitez-les d’abord.',
  'off.refused.audience-changed':
    'Quelqu’un est arrivé ou parti pendant que vous écriviez. Rien n’a été dit : regardez qui est là et redites-le.',
  'off.refused.talk-is-over': 'L’échange est terminé. Rien n’a été dit.',
  'off.refused.already-talking': 'Ce bureau est déjà dans un échange ici.',
};
