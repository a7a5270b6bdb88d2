// What entries, alarms, reports, forecasts and their pictures say in French: the tables of the other languages are measured by this one.

export const frSaid = {
  entry: {
    'unknown-party': 'une partie inconnue',
    'some-device': 'un appareil',
    'whose-device': '{party} ({member}, {label})',
    'device-of': '« {label} » de {member}',
    'device-id': '« {label} »',
    withheld: 'retenu',
    found: 'a fondé le canal « {name} »',
    'caucus-founded': 'a ouvert la salle de sa seule partie « {name} »',
    'bilateral-founded': 'a ouvert la salle de quelques parties « {name} »',
    'caucus-founded-anew':
      'a rouvert après une bifurcation la salle de sa seule partie « {name} », à partir des entrées communes ({size}) du registre antérieur',
    'bilateral-founded-anew':
      'a rouvert après une bifurcation la salle de quelques parties « {name} », à partir des entrées communes ({size}) du registre antérieur',
    'room-restarted':
      'a refondé après une bifurcation le canal « {name} », à partir des entrées communes ({size}) du registre antérieur',
    'restart-accepted':
      'a accepté de continuer à partir des entrées communes ({size}) du registre antérieur',
    'party-admitted': 'a admis {whose}',
    'device-admitted': 'a ajouté l’appareil {whose}',
    'device-removed': 'a retiré l’appareil {device} : {reason}',
    'admission-proposed': 'a proposé, en premier de deux responsables, d’admettre {whose}',
    'member-renamed': 'a renommé le membre {member} en {to}',
    'member-suspended': 'a suspendu le membre {member} : {reason}',
    'member-resumed': 'a rétabli le membre {member} : {reason}',
    'party-policy':
      'demande des responsables pour une admission : {admission}, pour une nouvelle autorité : {authority}',
    'authority-replaced': 'a remplacé la CLÉ D’AUTORITÉ de sa partie : {reason}',
    'authority-agreed': 'a consenti à remplacer la CLÉ D’AUTORITÉ de sa partie : {reason}',
    objection: 'S’OPPOSE à l’appareil {device} : {reason}',
    'recovery-shared':
      'a distribué des parts de son autorité : {shares} ; il en faut {needed} pour la rétablir',
    'recovery-asked': 'demande à ses responsables leurs parts de l’autorité : {reason}',
    'recovery-given': 'a remis sa part de l’autorité à un autre responsable',
    'verify-offer': 'a proposé de comparer des mots avec {party}',
    'verify-answer': 'a répondu à la proposition de comparer des mots',
    'verify-open': 'a ouvert les mots à comparer',
    'how-voice': 'de vive voix',
    'how-in-person': 'en personne',
    'how-writing': 'par écrit',
    verified: 'a vérifié {party} ({how})',
    mismatch: 'dit que la comparaison avec {party} ({how}) DIFFÈRE',
    document: 'a envoyé le document « {name} »',
    'document-queued': 'envoie le document « {name} »',
    rebuilt: 'a reconstruit un document en copie sûre (sha256 {sha256})',
    'not-rebuilt-safely': 'n’a pas pu reconstruire un document de façon sûre',
    'mail-directory': 'a publié l’annuaire de ses adresses officielles',
    'mail-attestation': 'a attesté un courriel qu’il a envoyé',
    'mail-day-key': 'a donné la clé des courriels attestés d’un jour',
    'mail-count': 'a clos un jour de son courriel',
    forecast: 'a partagé des prévisions',
    'seen-up-to': 'a vu les entrées avant {upTo}',
    'opened-copy': 'a ouvert la copie sûre d’un document',
    'off-record-proposed': 'a proposé un échange hors procès-verbal',
    'off-record-agreed': 'a consenti à un échange hors procès-verbal : il a eu lieu',
    'off-record-withdrawn': 'a retiré sa proposition d’échange hors procès-verbal',
    'off-record-left':
      'a quitté l’échange hors procès-verbal après {seconds, plural, one {# seconde} other {# secondes}}',
    'level-calm': 'calme',
    'level-elevated': 'élevé',
    'level-severe': 'sévère',
    'posture-raised': 'a relevé sa posture à {level} : {reason}',
    'lowering-proposed': 'a proposé d’abaisser sa posture à {level} : {reason}',
    'lowering-confirmed': 'a confirmé l’abaissement de sa posture à {level} : {reason}',
    'release-asked': 'demande à un collègue de diffuser un document',
    'release-given': 'a permis la diffusion d’un document',
    'original-is-asked':
      'demande à un second responsable d’approuver que l’original d’un document quitte la quarantaine : {reason}',
    'original-is-approved':
      'a approuvé, en second responsable, qu’un original quitte la quarantaine',
    'original-is-written': 'a écrit un original dans un fichier',
    'line-check':
      'essaie la ligne ; réponse attendue avant le {ms, date, medium}, {ms, time, short}',
    'line-answer': 'a répondu à un essai de la ligne',
    'unknown-kind': 'une entrée du genre « {name} », que cette version ne connaît pas',
    'doubt-other-file': 'l’entrée {entry} porte sur un autre fichier que celui qui a été envoyé',
    'doubt-other-copy':
      'l’entrée {entry} nomme une autre copie sûre que l’entrée {first}, du même fichier par la même règle et le même moteur : l’un des deux bureaux a été altéré ou ne dit pas vrai',
  },
  alarm: {
    'alarm-misplaced':
      'Le relais a déplacé ou répété l’enveloppe {seq} : son auteur l’a faite pour une autre place. Rien n’en a été pris. Comparez les racines de vive voix.',
    'alarm-withheld':
      'L’enveloppe {seq} a été faite pour une place ultérieure : le relais retient quelque chose. Rien n’en a été pris. Comparez les racines de vive voix.',
    'alarm-unreadable':
      'L’enveloppe {seq} n’est de personne dans ce canal, ou a été changée en chemin. Rien n’en a été pris. Comparez les racines de vive voix.',
    'alarm-malformed':
      'Un membre a envoyé l’enveloppe {seq}, et aucun Parley n’en fait de telle. Demandez-leur par une autre voie, et prévenez votre responsable de la sécurité.',
    'alarm-outside-profile':
      'L’enveloppe {seq} demande un changement des clés qu’aucun Parley ne fait. Elle n’a pas été prise. Demandez-leur par une autre voie, et prévenez votre responsable de la sécurité.',
    'alarm-wrong-sender':
      'L’enveloppe {seq} est signée par un autre appareil que celui qui l’a envoyée. Elle n’a pas été prise. Demandez-leur par une autre voie, et prévenez votre responsable de la sécurité.',
    'alarm-not-allowed':
      'L’enveloppe {seq} contient une entrée que les règles du registre interdisent. Elle n’a pas été prise. Demandez-leur par une autre voie, et prévenez votre responsable de la sécurité.',
    'alarm-not-on-record':
      'L’enveloppe {seq} ferait entrer ou sortir un appareil dont le registre ne dit rien. Elle n’a pas été prise. Demandez-leur par une autre voie, et prévenez votre responsable de la sécurité.',
    'alarm-stale':
      'L’enveloppe {seq} a été faite sur un registre plus ancien que celui de ce bureau. Rien n’en a été pris. Comparez les racines de vive voix.',
    'alarm-talk-envelope':
      'L’enveloppe {seq} de l’échange a été changée en chemin, ou n’est de personne qui y soit. Rien n’en est montré.',
    'alarm-document-altered':
      'Le document de l’entrée {entry} a été altéré après que son expéditeur l’a scellé. Il est redemandé ; prévenez l’exploitant du relais ou l’expéditeur.',
    'alarm-wrong-document':
      'Ce que le relais détient pour l’entrée {entry} n’est pas le document annoncé. Il n’a pas été ouvert. Demandez à l’expéditeur, par une autre voie, ce qu’il a envoyé.',
    'alarm-document':
      'On n’a pas pu se fier au document de l’entrée {entry} ; il n’a pas été ouvert.',
    'alarm-call-by-a-stranger':
      '{party} / {member} a utilisé un appel dans {room} sans être dans le canal : il n’a pas été admis. Demandez-leur par une autre voie, et prévenez votre responsable de la sécurité.',
    'party-objection':
      '{party} ({member}) s’oppose à l’appareil {label} de {whose}, {their} (entrée {entry}) : {reason}. Demandez aux deux par une voie sûre.',
    'party-objection-elsewhere':
      '{party} ({member}) s’oppose à un appareil qui n’est pas ici (entrée {entry}) : {reason}. Demandez-leur par une voie sûre.',
    'party-authority-changed':
      '{party} ({member}) a changé la clé d’autorité de sa partie (entrée {entry}) : {reason}. Elle n’est pas vérifiée tant que les mots n’ont pas été comparés à nouveau.',
    'frozen-fork':
      'Il en existe deux histoires : on a montré à quelqu’un autre chose qu’à vous. La preuve est gardée. Parlez à l’autre partie par une autre voie, puis continuez à partir de ce que les deux ont : parley channel restart.',
    'frozen-mismatch':
      'Les mots comparés différaient : quelqu’un se tient entre vous. Parlez à l’autre partie face à face, et fondez un nouveau canal.',
    'frozen-broken-commit':
      'Un changement des clés ne fait pas ce qu’il dit. Parlez à l’autre partie par une autre voie, puis continuez à partir de ce que les deux ont : parley channel restart.',
    'frozen-removed':
      'Cet appareil en a été retiré. Demandez à un autre responsable de votre partie de l’admettre à nouveau.',
    'frozen-lost-state':
      'Le coffre est plus ancien que ce que cet appareil a fait : on ne peut rien dire avec lui. Demandez à un responsable d’admettre un nouvel appareil.',
  },
  note: {
    'was-locked':
      'L’original est chiffré. La copie ne l’est pas : gardez-la comme l’original devait être gardé.',
    'hwp-changes':
      'Ce document HWP a un suivi des modifications. La copie montre ensemble les mots insérés et supprimés ; demandez un PDF propre.',
    'hwp-words-only':
      'La copie de ce document HWP en a les mots, non la mise en page ; ses images sont à côté. Demandez un PDF si la mise en page compte.',
    'hwpx-words-only':
      'La copie de ce document HWPX en a les mots, non la mise en page ; ses images sont à côté. Demandez un PDF si la mise en page compte.',
    'files-unopened':
      'Fichiers à l’intérieur : {count} ; non ouverts, car plus que la règle n’en permet : {left}.',
    'sheet-left-out':
      'Non repris dans la copie : images {pictures}, graphiques {charts}, tableaux croisés {pivots}. Le mode avec texte et dessins les montre sur ses pages.',
    'drawn-anew':
      'Écrit à neuf : graphiques à partir de leurs valeurs {charts}, zones de texte {boxes}, images {pictures} ; de dessins d’objets et de diagrammes {drawings}, les mots.',
    'mail-versions-differ':
      'Les versions simple et mise en forme de ce courriel ne disent pas la même chose. La copie a les deux.',
    'mail-sender':
      'Qui a vraiment envoyé ce courriel est une autre question : voyez l’endroit « Courriel ».',
    'sheets-unhidden':
      'Les feuilles cachées sont visibles dans la copie, pour que les sommes restent justes. Elles sont listées.',
    'format-changes':
      'Changements de mise en forme suivis, non gardés comme changements : {count}. Le texte est tel qu’après eux.',
    'page-unread': 'La page {page} n’a pas pu être lue et est vide dans la copie.',
    'letters-undrawn':
      'Page {page} : lettres impossibles à dessiner, faute de leur police : {count}. On peut les sélectionner comme texte.',
    'letters-unmapped':
      'Formes qui ne disent pas quelle lettre elles sont : {count}. La copie les montre, mais sa couche de texte ne les a pas.',
    'was-signed':
      'L’original porte une signature électronique. Une copie reconstruite ne peut la porter : vérifiez-la sur l’original avec l’expéditeur.',
    'no-bubblewrap':
      'Bubblewrap n’est pas utilisable sur cette machine : le document a été ouvert sous le seul modèle de permissions de Node.',
    'report-cut':
      'On a trouvé plus qu’un rapport n’en contient : chaque liste montre ses {count} premiers.',
    'weaker-cage':
      'Cela tient un moteur honnête loin des fichiers et des programmes, mais ce n’est pas une cage : un moteur pris en main pourrait atteindre le réseau. Installez bubblewrap.',
  },
  caution: {
    'stale-history':
      'L’histoire est connue jusqu’au {day}, {years, plural, one {# an} other {# ans}} avant la date d’émission : ce n’est guère plus qu’un ancien taux de base.',
    'few-incidents':
      'Incidents datés de ce genre : {count} seulement. Le nombre vient surtout d’autres paires.',
    'several-receivers': 'Plusieurs destinataires sont demandés comme un seul.',
    'nothing-moves-it':
      'Provocations, exercices, sanctions, sommets, élections et fêtes ne déplacent pas ce nombre : rien n’a d’aptitude mesurée.',
    'moved-by': 'Déplacé par ce qui a passé le contrôle : {names}.',
  },
  figure: {
    'precision-day': 'jour',
    'precision-month': 'mois',
    'precision-year': 'année',
    'precision-range': 'intervalle',
    'event-provocation': 'provocation',
    'event-test': 'essai',
    'event-exercise': 'exercice',
    'event-sanction': 'sanction',
    'event-summit': 'sommet',
    'event-cancellation': 'annulation',
    'event-election': 'élection',
    'event-holiday': 'fête',
    'event-indictment': 'inculpation',
    'event-strike': 'frappe',
    'event-agreement': 'accord',
    'event-statement': 'déclaration',
    'kind-disruption': 'perturbation',
    'kind-destruction': 'destruction',
    'kind-defacement': 'défiguration',
    'kind-ransom': 'rançon',
    'kind-doxing': 'divulgation',
    'kind-espionage': 'espionnage',
    'kind-theft': 'vol',
    'kind-hijacking': 'détournement',
    incident: 'incident',
    'axis-days': 'jours depuis l’émission',
    'axis-probability': 'probabilité',
    'column-occurred': 'Survenu',
    'column-disclosed': 'Connu',
    'column-precision': 'Précision',
    'column-who': 'Qui',
    'column-what': 'Quoi',
    'column-title': 'Titre',
    'column-days': 'Jours',
    'column-forecast': 'Prévision',
    'column-low': 'Bas',
    'column-high': 'Haut',
    'column-base': 'Taux de base',
    'nobody-named': 'personne de nommé',
    'unknown-actor': 'inconnu',
    'and-others': '{who} et d’autres',
    'timeline-occurred': 'Quand cela s’est passé',
    'timeline-disclosed': 'Quand on l’a su',
    'timeline-says':
      'Chaque barre est une donnée, large comme le doute sur sa date. Événements en haut, incidents en bas de chaque ligne.',
    'horizon-says':
      'La ligne est la prévision avec sa bande crédible à 90 % ; la bande grise est le taux de base. Là où elles se recouvrent, la prévision ne dit guère plus que le taux de base.',
  },
} as const;
