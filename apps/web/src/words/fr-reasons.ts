// Why a document was refused, where a rule of a mail comes from, and the outlook's own words, in French.

import type { enReasons } from './en-reasons.ts';

export const frReasons: Readonly<Record<keyof typeof enReasons, string>> = {
  'alarm.party': 'Une partie a fait quelque chose que vous devez savoir.',
  'doubt.title': 'Deux copies sûres ne peuvent être vraies toutes deux :',
  'frozen.meaning': 'On ne peut plus rien y dire.',
  'reason.empty': 'Il est vide. Demandez à l’expéditeur de le renvoyer.',
  'reason.encrypted': 'Il est chiffré. Demandez une copie sans mot de passe.',
  'reason.wrong-password': 'Le mot de passe ne l’ouvre pas. Redemandez-le de vive voix.',
  'reason.broken': 'Il est endommagé. Demandez un nouvel export, de préférence en PDF.',
  'reason.unsupported':
    'Ce genre ne peut être reconstruit. Demandez PDF, DOCX, XLSX, PPTX, une image ou du texte simple.',
  'reason.too-large': 'Il est plus grand que la règle n’en permet. Demandez de le diviser.',
  'reason.too-many-pages':
    'Il a plus de pages que la règle n’en permet. Demandez la partie qui compte.',
  'reason.page-too-large':
    'Une page est plus grande que la règle n’en permet. Demandez un format ordinaire.',
  'reason.too-many-pixels':
    'Une image a plus de pixels que la règle n’en permet. Demandez-en une plus petite.',
  'reason.too-many-parts':
    'Il contient plus de fichiers que la règle n’en permet. Demandez-les un par un.',
  'reason.too-deep':
    'Des archives ou courriels sont trop emboîtés. Demandez les fichiers intérieurs.',
  'reason.not-reached': 'Le temps ou la place était épuisé avant lui. Demandez ce fichier seul.',
  'reason.compression-bomb':
    'Il se déploie bien au-delà de sa taille : une bombe de compression. N’ouvrez pas l’original ; prévenez votre responsable de la sécurité.',
  'reason.output-too-large':
    'La copie sûre serait plus grande que la règle n’en permet. Demandez de le diviser.',
  'reason.timeout':
    'La reconstruction a duré trop longtemps. Demandez un export plus simple ; ce peut être une attaque.',
  'reason.memory':
    'La reconstruction demandait trop de mémoire. Demandez un export plus simple ; ce peut être une attaque.',
  'reason.cage-missing':
    'La règle veut bubblewrap, qui ne marche pas sur cette machine. Installez-le.',
  'reason.cage-broken':
    'Le lecteur confiné a répondu comme il ne doit pas ; son travail est jeté. N’ouvrez pas l’original ; prévenez votre responsable de la sécurité.',
  'reason.cancelled': 'Cela a été annulé. Recommencez.',
  'found.formula': 'une formule qui n’est pas une simple arithmétique (sa valeur est gardée)',
  'found.defined-name': 'un nom de cellules',
  'outlook.between': 'de {who} contre {whom}',
  'outlook.interval': '{p} (de {low} à {high}),',
  'outlook.fromTo': 'du {from} au {to}',
  'outlook.holidays': 'Attaques autour des fêtes : les données n’appuient pas cette affirmation.',
  'chance.almost-no-chance': 'presque aucune chance',
  'chance.very-unlikely': 'très improbable',
  'chance.unlikely': 'improbable',
  'chance.roughly-even-chance': 'à peu près autant de chances que non',
  'chance.likely': 'probable',
  'chance.very-likely': 'très probable',
  'chance.almost-certain': 'presque certain',
  'source.D5': 'usurpation par le nom affiché, comme dans les règles publiques',
  'source.D8': 'profil de l’expéditeur dans cette boîte',
  'source.D11': 'texte et cible du lien comparés',
  'source.D15': 'l’annuaire signé de la partie',
  'source.D16': 'les attestations et sceaux du jour de la partie dans le canal',
};
