// What refusals mean and what to do next, by code, in French.

import type { Sentences } from './code-list.ts';

export const frCodes: Sentences = {
  alarm:
    'Quelque chose a été fait au canal qu’un relais et des membres honnêtes ne peuvent pas faire. Comparez la racine du registre avec l’autre partie, de vive voix.',
  alone:
    'Personne d’autre n’est encore dans ce canal. Donnez-leur l’invitation, puis admettez-les.',
  'another-asks':
    'Celui qui demande maintenant n’est pas celui qui a été montré. Personne n’a été admis. Regardez l’empreinte à nouveau.',
  'asked-already':
    'Ce bureau a déjà demandé et attend. Les autres responsables remettent leurs parts ; rétablissez ensuite l’autorité ici.',
  'authority-changed':
    'Cette partie a changé sa clé d’autorité et n’est plus vérifiée. Rien n’est parti. Demandez-lui par une voie sûre, puis vérifiez-la à nouveau.',
  'authority-held': 'Ce bureau détient l’autorité de votre partie : il n’y a rien à rétablir.',
  'bad-answer':
    'La réponse à la demande de cet appareil ne peut pas être juste. Demandez une nouvelle invitation au responsable.',
  'bad-channel-name': 'Un nom de canal a de 1 à 100 caractères visibles, sans barre oblique.',
  'bad-expiry': 'Une invitation vaut de 1 à 90 jours.',
  'bad-name':
    'Ce nom est vide, trop long ou contient des caractères cachés. Choisissez-en un autre.',
  'bad-relay-address':
    'L’adresse d’un relais ressemble à https://relay.example:7447. Demandez-la à son exploitant.',
  'bad-room-name': 'Un nom de salle a de 1 à 100 caractères visibles, sans barre oblique.',
  'bad-welcome':
    'La réponse à votre demande ne peut pas être juste. Vous n’êtes pas entré. Demandez une nouvelle invitation.',
  bug: 'Parley a commis une erreur. Rien n’est parti. Regardez le terminal où tourne « parley ui ».',
  'caucus-not-ready':
    'Les appareils de votre partie ne partagent pas encore leur secret pour ce canal. Attendez la prochaine synchronisation.',
  'certificate-outdated':
    'Votre partie a changé d’autorité et ce bureau n’a pas encore de nouveau certificat. Demandez à un responsable de l’admettre.',
  'channel-name-taken':
    'Ce bureau a déjà un canal de ce nom. Choisissez un autre nom ; il n’est que pour vous.',
  'client-gone': 'Votre propre client ne répond pas. Regardez le terminal où tourne « parley ui ».',
  'confirmation-locked':
    'La phrase secrète a été fausse trop souvent. Rien n’a été fait. Relancez « parley ui ».',
  damaged:
    'Le code est abîmé : un signe est faux ou manque. Scannez encore l’écran de l’autre partie.',
  'desk-locked': 'Le bureau n’est pas encore ouvert. Donnez la phrase secrète de son coffre.',
  'disclosure-changed':
    'Ce qui serait divulgué, ou à qui, n’est plus ce qui a été montré. Rien n’est parti. Regardez à nouveau.',
  'disk-failed':
    'Le disque ne prend pas le fichier. Choisissez un autre endroit et regardez le disque.',
  'disk-full': 'Le disque est plein. Rien n’est perdu. Libérez de la place et recommencez.',
  'document-altered':
    'Un morceau du document a été modifié après avoir été scellé. Il sera redemandé ; prévenez l’exploitant du relais ou l’expéditeur.',
  'document-not-there':
    'Le relais n’a pas le document entier. Demandez à l’expéditeur de le renvoyer : l’envoi reprend où il s’est arrêté.',
  encrypted:
    'Le document est chiffré et ne peut être reconstruit. Il reste en quarantaine. Demandez-le sans mot de passe.',
  'file-changed': 'Le fichier a changé pendant l’envoi. Envoyez-le de nouveau.',
  'file-damaged': 'Un fichier gardé ici est abîmé. Il est refait ou redemandé : recommencez.',
  'file-exists': 'Il y a déjà un fichier de ce nom. Rien n’a été écrit. Nommez un autre dossier.',
  'file-too-large': 'Le fichier dépasse 8 Gio. Divisez-le.',
  'for-the-channel': 'Cela se décide dans le canal, pas dans une de ses salles.',
  'forged-invitation':
    'Ce qui se trouve sous cette invitation ne vient pas d’un responsable. Montrez-la-lui et n’entrez pas.',
  fork: 'Il existe deux histoires de ce canal : on a montré à quelqu’un une autre que la vôtre. La preuve est gardée. Parlez-leur par une autre voie.',
  frozen:
    'Le canal est gelé : rien ne peut plus y être dit. Parlez à l’autre partie par une autre voie.',
  'invitation-damaged':
    'L’invitation est abîmée : une lettre est fausse ou manque. Copiez encore toute la ligne, ou demandez-en une nouvelle.',
  'invitation-expired':
    'L’invitation a expiré. Si votre horloge est juste, demandez-en une nouvelle.',
  'invitation-not-an-invitation':
    'Ce n’est pas une invitation : une invitation commence par parley1. Copiez toute la ligne reçue.',
  'invitation-of-a-party':
    'Cette invitation mène dans une partie, pas dans un canal. Utilisez-la sur une machine neuve.',
  'invitation-unknown': 'Le relais ne connaît pas cette invitation. Demandez-en une nouvelle.',
  'invitation-unknown-version':
    'L’invitation est d’un genre plus récent que ce programme. Mettez Parley à jour sur cette machine.',
  'invitation-used':
    'Cette invitation a déjà servi ; elle vaut une fois. Si ce n’était pas vous, prévenez aussitôt qui vous a invité.',
  'ledger-broken':
    'Le livre des prévisions a été modifié ou coupé. Restaurez-le depuis votre sauvegarde.',
  'link-used':
    'Ce lien a déjà servi ou est trop ancien. Appuyez sur Entrée dans le terminal de « parley ui ».',
  'lost-state':
    'Ce coffre est plus ancien que ce que cet appareil a déjà fait. Rien n’est dit avec lui. Demandez à un responsable d’admettre un nouvel appareil.',
  mismatch:
    'Les mots différaient : quelqu’un se tient entre vous. Le canal est gelé. Fondez-en un nouveau par une autre voie.',
  'no-access':
    'Le relais ne laisse plus entrer cet appareil. Il a sans doute été retiré : demandez à un autre responsable.',
  'no-authority':
    'Ce bureau ne détient pas la clé d’autorité de votre partie. Faites-le au bureau qui la détient.',
  'no-bearer':
    'Cette fenêtre n’est pas connue du client. Appuyez sur Entrée dans le terminal de « parley ui » et ouvrez le nouveau lien.',
  'no-own-room':
    'Un original se demande dans une salle de votre seule partie, et il n’y en a pas. Ouvrez-en une sous « Parties ».',
  'no-room-in-a-room': 'Une salle appartient à un canal, pas à une autre salle.',
  'no-share':
    'Ce bureau ne détient aucune part de l’autorité. Elles se distribuent d’avance, là où est l’autorité.',
  'no-such-channel': 'Ce bureau n’a pas de canal de ce nom.',
  'no-such-device': 'Aucun appareil, ou plus d’un, ne porte cet identifiant.',
  'no-such-entry': 'Il n’y a pas d’entrée de ce numéro ici.',
  'no-such-folder':
    'Ce dossier n’existe pas. Donnez le chemin entier d’un dossier de cette machine.',
  'no-such-language': 'Il n’y a pas de liste de mots dans cette langue. Choisissez-en une autre.',
  'no-such-party': 'Aucune autre partie de ce canal ne répond à cette description.',
  'no-such-request': 'Cette entrée ne demande aucun original.',
  'nobody-asked': 'Personne n’a encore utilisé votre invitation.',
  'nobody-asks-so': 'Aucun appareil de cet identifiant ne demande à entrer. Regardez à nouveau.',
  'nobody-to-release':
    'À cette posture, deux personnes laissent partir un document, et votre partie n’a ici qu’un membre. Invitez un collègue.',
  'not-a-code':
    'Ce n’est pas un code qu’un bureau montre pour une rencontre. Scannez l’écran de l’autre partie.',
  'not-a-document': 'Cette entrée n’est pas un document.',
  'not-admitted':
    'Ils n’ont pas été admis : le registre ne le permet pas. Regardez qui est déjà là.',
  'not-admitted-yet': 'L’autre partie ne vous a pas encore admis. Demandez-lui de le faire.',
  'not-an-officer': 'Seuls les responsables de votre partie font cela. Demandez à l’un d’eux.',
  'not-another-room': 'On ne transmet qu’à une autre salle du même canal.',
  'not-certified-yet':
    'Un responsable de votre partie n’a pas encore admis cet appareil. Demandez-lui.',
  'not-for-a-device':
    'Ce n’est pas une invitation dans une partie. Celle-ci commence par parleyfellow1.',
  'not-forwarded': 'Seuls des messages et des documents se transmettent.',
  'not-higher': 'La posture de votre partie est déjà aussi haute.',
  'not-lower': 'Cela n’abaisserait pas la posture de votre partie.',
  'not-rebuilt': 'Il n’y a pas encore de copie sûre. Ouvrez d’abord le document.',
  'not-recorded':
    'Le registre n’a pas pu l’apprendre ; l’original n’a donc pas été écrit. Demandez-le à nouveau quand le relais répond.',
  'not-removed': 'L’appareil n’a pas été retiré : le registre ne le permet pas.',
  'not-sent': 'Ce n’est pas parti : le canal ne l’accepte pas.',
  'not-shown-yet': 'Ce qui serait divulgué n’a pas encore été montré. Rien n’est parti.',
  'not-the-document':
    'Ce bureau n’a pas ce document, ou en a un autre sous ce numéro. Demandez à votre collègue lequel est visé.',
  'not-twelve-words': 'Ce ne sont pas douze mots d’une même langue. Donnez-les dans leur ordre.',
  'not-yours': 'Un autre responsable a demandé cet original : il s’écrit à son bureau.',
  'nothing-to-do': 'Cela ne changerait rien dans aucun canal de ce bureau.',
  'nothing-to-say': 'Le message est vide. Écrivez quelque chose.',
  'nothing-to-stop': 'Votre partie n’abaisse pas sa posture ici.',
  'original-approved': 'C’est déjà approuvé.',
  'original-asked': 'Cela attend un deuxième responsable.',
  'original-expired': 'L’approbation a plus d’un jour et ne vaut plus. Faites-la renouveler.',
  'original-written':
    'Cet original a déjà été écrit : une approbation vaut une fois. Demandez à nouveau.',
  'other-channel':
    'Le code est celui d’un autre canal. Que l’autre partie montre celui de ce canal.',
  'other-party': 'Cette invitation est d’une autre partie que celle de ce bureau.',
  'own-device': 'C’est l’appareil sur lequel vous travaillez. Faites-le sur un autre.',
  'own-document': 'Vous avez envoyé ce document : vous en avez l’original.',
  'party-alarm':
    'Un changement grave est arrivé dans une partie de ce canal. Demandez-lui par une autre voie si c’est bien elle.',
  'party-not-verified':
    'Vous n’avez pas vérifié cette partie : la salle pourrait être avec quelqu’un d’autre. Comparez d’abord les mots.',
  'passphrase-too-short': 'La phrase secrète est trop courte. Quatre mots au hasard conviennent.',
  'posture-severe':
    'La posture est sévère : personne n’est admis. Deux responsables l’abaissent d’abord.',
  'reason-needed': 'Il faut un motif de 1 à 500 octets : il entre au registre.',
  'relay-broken': 'Le relais a donné une réponse impossible. Prévenez son exploitant.',
  'relay-hides-envelope':
    'Le relais cache une enveloppe qu’il dit avoir. Rien n’est perdu : ce que vous avez écrit attend ici.',
  'relay-lost-channel':
    'Le relais dit ne plus connaître ce canal : il a été effacé, ou il ment. Ici rien n’est perdu ; vous pouvez le lui rendre.',
  'relay-lost-entries':
    'Le relais a moins d’enveloppes qu’il n’en a confirmé : effacé, ramené en arrière, ou menteur. Ici rien n’est perdu.',
  'relay-busy':
    'Le relais est occupé et demande d’attendre. Rien n’est perdu : ce que vous avez écrit part de lui-même un peu plus tard.',
  'relay-failing':
    'Le relais est en panne ou en cours de rétablissement. Rien n’est perdu : ce que vous avez écrit attend ici et part dès qu’il revient.',
  'relay-full':
    'Le disque du relais est plein. Rien n’est perdu : ce que vous avez écrit attend ici. Prévenez son exploitant.',
  'relay-needed':
    'Ce bureau n’est encore dans aucun canal et ne connaît pas de relais. Ouvrez d’abord un canal.',
  'relay-refuses': 'Le relais refuse. Réessayez plus tard, ou demandez à son exploitant.',
  'relay-rewrote-history':
    'Le relais montre une autre histoire que celle qu’il a confirmée. La preuve est gardée. Parlez à l’autre partie par une autre voie.',
  'relay-unreachable':
    'Le relais ne répond pas. Rien n’est perdu : ce que vous avez écrit attend ici et part dès qu’il répond.',
  'relay-wants-token':
    'Ce relais n’ouvre de canaux qu’à ceux à qui son exploitant a donné un jeton. Demandez-lui.',
  removed:
    'Cet appareil a été retiré du canal. Demandez à un autre responsable de l’admettre à nouveau.',
  'report-of-another-version':
    'Le rapport de cette copie sûre vient d’une autre version de Parley. Demandez à l’expéditeur de renvoyer le document.',
  'restart-not-accepted':
    'L’autre partie n’a pas encore accepté de continuer ici. Rien n’est parti.',
  'second-officer':
    'Un deuxième responsable de votre partie doit y consentir. Demandez-lui de le faire à son bureau.',
  'stranger-in-room':
    'Quelqu’un qui n’est plus dans le canal pourrait encore lire cette salle. Rien n’est parti. Attendez qu’il en soit retiré.',
  suspended:
    'Le membre de ce bureau est suspendu : il ne dit et ne lit rien ici. Demandez à un responsable.',
  'suspended-member':
    'Cet appareil est celui d’un membre suspendu. Il n’a pas été admis : rétablissez d’abord le membre.',
  'text-too-long': 'Le texte est trop long. Envoyez-le comme document.',
  'too-few-officers':
    'Il faut 2 responsables ou plus, et pas plus que votre partie n’en a dans ses canaux. Admettez-en d’autres, ou donnez un autre nombre.',
  'too-large':
    'C’est trop long pour être envoyé d’ici. Rien n’est parti. Envoyez-le par la ligne de commande : parley send.',
  'too-many-pins': 'Au plus 50 entrées d’une salle sont épinglées. Détachez-en une autre.',
  'unsafe-name': 'Le nom de ce document pourrait tromper qui le reçoit. Donnez-lui un autre nom.',
  'vault-busy': 'Un autre programme Parley utilise ce coffre. Attendez ou fermez-le.',
  'vault-damaged': 'Le coffre ne se lit plus en entier. Restaurez-le depuis votre sauvegarde.',
  'vault-exists': 'Il y a déjà un coffre ici.',
  'vault-missing': 'Il n’y a pas de coffre ici.',
  'verification-mismatch':
    'Quelqu’un se tient entre vous et cette partie. Le canal est gelé. Gardez la preuve et parlez-leur par une autre voie.',
  'which-party': 'Plusieurs parties répondent à cette description. Nommez-en une.',
  'who-with': 'Nommez avec quelles parties la salle doit être.',
  'words-changed':
    'Les mots ne sont plus ceux qui ont été montrés. Rien n’a été confirmé. Comparez à nouveau.',
  'words-differ':
    'Ce ne sont pas les mots de cette partie. Rien n’a été signé. Relisez la lettre ; s’ils diffèrent encore, quelqu’un se tient entre vous.',
  'words-not-ready': 'Il n’y a pas encore de mots à comparer. Les deux bureaux doivent commencer.',
  'wrong-document':
    'Ce que le relais garde n’est pas le document annoncé. Demandez à l’expéditeur s’il l’a envoyé.',
  'wrong-passphrase':
    'Cette phrase secrète n’ouvre pas le coffre. Rien n’a été fait. Essayez encore.',
  'wrong-request': 'La demande n’est pas juste.',
};
