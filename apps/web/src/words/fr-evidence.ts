// What a mail's evidence says in French: the tables of the other languages are measured by this one.

export const frEvidence = {
  'where-line': 'ligne {line}',
  'where-header': 'en-tête {name}',
  'where-name': 'nom',
  'where-domain': 'domaine',
  'where-subject': 'objet',
  'where-text': 'texte',
  'where-bytes': 'octets',
  'where-link': 'lien',
  'where-link-text': 'texte du lien',
  'where-link-target': 'cible du lien',
  'where-file-name': 'nom de fichier',
  'where-picture': 'image',
  'where-square-code': 'code carré',
  'where-recipients': 'destinataires',
  'where-forwarded-text': 'texte transféré',
  'where-forwarded-mail': 'courriel transféré',
  'where-dkim-seal': 'sceau DKIM',
  'where-encoded-part': 'partie codée',
  'where-text-outside-the-parts': 'texte hors des parties',
  'unnamed-domain': 'un domaine non nommé',
  'no-address': '(aucune)',
  'file-macro': 'un document qui peut porter un programme (macro)',
  'file-program': 'un programme',
  'file-shortcut': 'un raccourci, qui peut lancer un programme',
  'file-disk-image': 'une image de disque, qui fait passer des fichiers sans avertissement',
  'file-web-page': 'une page web en fichier, qui peut demander des mots de passe',
  'file-archive': 'une archive',
  'file-locked-archive': 'une archive fermée par un mot de passe, qu’aucun antivirus ne lit',
  'file-attacked-kind': 'un document d’un type dont des attaques se sont servies',
  'sender-lines':
    'Lignes d’expéditeur dans ce courriel : {count}. Les vrais logiciels n’en envoient qu’une.',
  senders: 'Expéditeurs nommés : {count}. Les logiciels n’en montrent qu’un.',
  'no-sender-line': 'Ce courriel n’a pas de ligne d’expéditeur.',
  'sender-group':
    'La ligne d’expéditeur est écrite comme un groupe. Les vrais logiciels ne font pas cela.',
  'sender-route':
    'La ligne d’expéditeur contient une route avant l’adresse. Les logiciels montrent des expéditeurs différents.',
  'sender-comment':
    'Un commentaire est caché dans la ligne d’expéditeur. Les logiciels montrent des expéditeurs différents.',
  'sender-quoted-local':
    'Une partie de l’adresse est mise entre guillemets. Les logiciels montrent des expéditeurs différents.',
  'sender-at-in-local': 'Une seconde adresse est cachée devant la vraie.',
  'sender-second-bracket':
    'La ligne d’expéditeur contient deux adresses entre crochets. Les logiciels n’en choisissent pas la même.',
  'sender-text-after-bracket':
    'Du texte suit l’adresse de l’expéditeur. Les logiciels lisent une telle ligne différemment.',
  'sender-encoded-address':
    'L’adresse même de l’expéditeur est codée. Les vrais logiciels ne font pas cela.',
  'sender-no-address': 'La ligne d’expéditeur ne contient pas de véritable adresse.',
  'sender-control':
    'La ligne d’expéditeur contient des caractères de commande, que les logiciels coupent ou sautent.',
  'sender-bad-domain': 'Le domaine de la ligne d’expéditeur n’en est pas un.',
  'like-sender-line': 'Une ligne ressemble à la ligne d’expéditeur et n’en est pas une.',
  'header-too-large': 'L’en-tête est trop long pour être lu jusqu’au bout.',
  'header-malformed': 'Une ligne d’en-tête est mal formée : les logiciels la lisent différemment.',
  'double-lines':
    'Lignes {name} dans ce courriel : {count}. Les logiciels n’en montrent pas la même.',
  'look-alike-link':
    'Un lien ouvre {found} ; le vrai domaine de {party} est {official}. Les lettres marquées diffèrent.',
  'look-alike-address':
    'L’adresse ({where}) finit par {found} ; la vraie de {party} est {official}. Les lettres marquées diffèrent.',
  'name-other-address': 'Il est signé {person}, mais {party} n’a pas inscrit l’adresse {address}.',
  'name-alike-other-address':
    'Il est signé {person}, mais {party} n’a pas inscrit l’adresse {address}. Les lettres qui ne font que ressembler sont marquées.',
  'name-near-other-address':
    'Il est signé {person}, mais {party} n’a pas inscrit l’adresse {address}. Le nom diffère d’une lettre.',
  'address-in-name':
    'La vraie adresse {written} n’est écrite que dans le champ du nom. Le courriel vient de {address}.',
  'signed-text':
    'Le texte est signé {person}, mais le courriel ne vient pas d’une adresse de {party}.',
  'signed-text-address':
    'Le texte est signé {person} avec {written}, mais le courriel ne vient pas de là.',
  'second-sender-line':
    'Une adresse de {party} figure dans une seconde ligne d’expéditeur ; le courriel vient d’une autre.',
  'malformed-sender-line': 'Une ligne d’expéditeur mal formée mentionne le domaine de {party}.',
  'hidden-foreign-letter': 'Lettres d’un autre alphabet cachées ici : {what}.',
  'hidden-invisible': 'Caractères invisibles cachés ici : {what}.',
  'hidden-direction': 'Caractères qui retournent le sens de lecture cachés ici : {what}.',
  'hidden-control': 'Caractères de commande cachés ici : {what}.',
  'listed-relay':
    'Il porte la vraie adresse de {party} et est passé par {relay}, que {party} a inscrit. Cela ne prouve pas qui l’a écrit.',
  unproven:
    'Il porte la vraie adresse de {party}, mais rien ne prouve que {party} l’a envoyé. Demandez dans le canal.',
  'seals-too-many': 'Il porte plus de sceaux qu’un vrai courriel ; aucun n’a été vérifié.',
  'seals-unchecked': 'Ses sceaux n’ont pas pu être vérifiés.',
  'seal-broken': 'Le sceau technique de {domain} est rompu : {reason}.',
  'seal-unusable': 'Le sceau technique de {domain} ne compte pas : {reason}.',
  'seal-no-answer': 'La clé du sceau de {domain} n’a pas pu être demandée.',
  'seal-open-end':
    'Le sceau de {domain} laisse la fin du texte ouverte : on a pu y ajouter n’importe quoi.',
  'seal-of-others': 'Le sceau technique est celui de {domain}, non de {host}.',
  'seal-unlisted-key': 'Le sceau de {domain} utilise une clé que {party} n’a pas inscrite.',
  'seal-open-line': 'Le sceau de {domain} ne couvre pas la ligne {name} : elle a pu être changée.',
  'dmarc-fail': 'Il échoue au contrôle que {domain} demande (DMARC, règle {policy}).',
  'spf-fail':
    '{domain} n’autorise pas le serveur expéditeur à envoyer ses courriels (SPF {result}).',
  'arc-broken': 'La chaîne des sceaux des serveurs en chemin (ARC) est rompue.',
  'directory-expired': 'L’annuaire de {party} a expiré ; rien n’est dit prouvé d’après lui.',
  'replay-not-to-you':
    'Un vrai courriel, mais il ne vous est pas adressé : quelqu’un a pu le renvoyer.',
  'replay-late':
    'Un vrai courriel, mais scellé {days, plural, one {# jour} other {# jours}} avant son arrivée.',
  'denied-by-count':
    '{party} déclare ne pas l’avoir envoyé : courriels envoyés le {day} : {count}, et celui-ci n’en est pas.',
  'altered-on-the-way': '{party} a envoyé un tel courriel, mais celui-ci a été changé en chemin.',
  'forwarded-attested': 'Un courriel transféré dedans est l’un de ceux que {party} a attestés.',
  'forwarded-denied':
    'Un courriel transféré dedans se réclame de {party}, et {party} déclare le contraire.',
  'forwarded-look-alike':
    'Le courriel transféré dans le texte venait de {found} ; le vrai domaine de {party} est {official}. Les lettres marquées diffèrent.',
  'forwarded-same-words':
    'Le texte transfère un courriel dont {party} a attesté les mots, ligne par ligne. Ses fichiers, et les liens derrière les mots, n’ont pas été comparés.',
  'forwarded-other-words':
    'Le texte transfère un courriel que {party} a envoyé sous cet objet, en d’autres mots ou d’autres lignes que {party} n’a attesté. Demandez le courriel même en pièce jointe, ou demandez à {party}.',
  'forwarded-typed':
    'Le texte dit transférer un courriel de {party}. Des lignes tapées ne prouvent rien. Demandez le courriel même en pièce jointe, ou demandez à {party}.',
  'answer-elsewhere': 'Votre réponse irait à {address}, non à {party}.',
  'link-opens-other': 'Le lien dit {written} et ouvre {host}.',
  'link-writes-other': 'Le lien dit {written} et écrirait à {address}.',
  'link-shortened': 'Un lien est caché derrière le raccourcisseur {host}.',
  'link-to-files': 'Un lien mène à des fichiers sur {host}, non sur le site de {party}.',
  'carries-file': 'Il porte {what}. N’ouvrez que la copie sûre.',
  'carries-disguised-file': 'Il porte {what}, nommé comme un document. N’ouvrez que la copie sûre.',
  'square-code': 'Une image contient un code carré.',
  'square-code-official': 'Un code carré dans une image ouvre {host}.',
  'square-code-look-alike':
    'Un code carré dans une image ouvre {found} ; le vrai domaine de {party} est {official}.',
  'square-code-elsewhere':
    'Un code carré dans une image ouvre {host}, qui n’est pas à {party}. N’y pointez pas un téléphone.',
  'square-code-drawn':
    'Un code carré semble dessiné en lettres dans le texte. Il n’a pas été lu ; n’y pointez pas un téléphone.',
  'pictures-unread':
    'Images qui n’ont pas pu être examinées : {count} ; un code carré peut y cacher un lien.',
  'rule-no-files': '{party} a dit le {ms, date, long} ne jamais envoyer de fichiers par courriel.',
  'rule-always-attested':
    '{party} a dit le {ms, date, long} attester chaque courriel dans le canal. Celui-ci ne l’est pas encore.',
  'rule-always-signed':
    '{party} a dit le {ms, date, long} sceller chaque courriel. Celui-ci n’a pas de sceau valable.',
  'first-mail': 'Premier courriel de l’adresse {address}.',
  'new-name': 'Cette adresse n’a encore jamais utilisé le nom {name}.',
  'new-mail-program': 'Cette adresse n’a encore jamais utilisé ce logiciel de courriel.',
  'unknown-thread': 'Il répond à un échange qui n’est pas dans vos dossiers.',
  'quotes-unknown': 'Il cite un échange, mais ne nomme aucun de vos courriels auquel il répond.',
  'first-file': 'Premier courriel avec fichier ; sans fichier jusqu’ici : {count}.',
  'first-square-code': 'Premier courriel avec un code carré ; sans lien jusqu’ici : {count}.',
  'first-link': 'Premier courriel avec un lien ; sans lien jusqu’ici : {count}.',
  'first-reply-to': 'Les réponses à cet expéditeur iraient pour la première fois à {address}.',
} as const;
