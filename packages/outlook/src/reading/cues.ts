// Words that say what happened: kinds of incidents and classes of events, with the place where they stand.

import type { EventClass, IncidentKind } from '../history/record.ts';

export type Cue<T> = {
  readonly what: T;
  readonly start: number;
  readonly end: number;
  readonly text: string;
};

const INCIDENT_CUES: readonly (readonly [IncidentKind, RegExp])[] = [
  ['ransom', /\b(?:ransomware|ransom (?:note|demand)s?)\b/gi],
  [
    'destruction',
    /\b(?:wip(?:ed|er|ers|ing)|eras(?:ed|ing)|burnt (?:\w+ ){0,4}?(?:coins|tokens)|destroy(?:ed|ing) (?:the )?(?:data|computers|servers|files)|destructive (?:malware|attack|cyberattack)|centrifuges)\b/gi,
  ],
  [
    'disruption',
    /\b(?:DDoS|(?:distributed )?denial[- ]of[- ]service|knock(?:ed|ing) (?:\w+ ){0,4}?(?:offline|off the air)|took (?:\w+ ){0,4}?(?:offline|down)|taken offline|flood(?:ed|ing) (?:\w+ ){0,4}?(?:with traffic|sites?|servers?|websites?|banks?|ministr(?:y|ies))|(?:flood|went) (?:\w+ ){0,2}?(?:off the air|offline)|flooding of|disrupt(?:ed|ing|ion)|(?:power )?(?:outage|blackout)s?|paralys(?:ed|ing)|paralyz(?:ed|ing)|shut (?:down|off) (?:\w+ ){0,4}?(?:networks?|power|service|systems?|websites?|stations?)|unreachable|lost (?:their|its) networks?)\b/gi,
  ],
  ['defacement', /\bdefac(?:ed?|ing|ements?)\b/gi],
  [
    'doxing',
    /\b(?:leak(?:ed|ing) (?:\w+ ){0,5}?(?:e-?mails?|documents?|files|data|records)|(?:published|posted|released|dumped) (?:\w+ ){0,5}?(?:stolen|hacked|private|internal|personal|e-?mails?|documents|records|files)|hack[- ]and[- ]leak|dox(?:x?ed|x?ing))\b/gi,
  ],
  [
    'theft',
    /\b(?:stole|stolen|theft of|siphoned|stealing|drained|took) (?:\w+ |\$|£|€){0,4}?[$£€]?[\d,.]* ?(?:million|billion|cryptocurrency|bitcoin|ether|funds|money|tokens)\b|\b(?:bank|crypto\w*|bitcoin|exchange) (?:heist|theft)\b|\bheist\b/gi,
  ],
  [
    'espionage',
    /\b(?:espionage|spied|spying|eavesdrop\w+|exfiltrat\w+|spear-?phish\w*|phish(?:ed|ing)|(?:stole|stolen|copied|stealing|harvested|siphoned|theft of) (?:\w+ ){0,6}?(?:data|documents?|secrets|e-?mails?|files|records|designs|plans|blueprints|credentials|information|passwords|messages|correspondence)|(?:data )?breach(?:ed|es)?|read (?:the )?e-?mails?|intrusions?)\b/gi,
  ],
  [
    'hijacking',
    /\b(?:hijack(?:ed|ing)|back ?doors?|hack(?:ed|ing|s)?(?= (?:into|the|a|an|its|their|his|her|on|of|by|and|several|two|three|at|against)\b|[.,;])|broke(?:n)? into|break-?in|infiltrat(?:ed|ing|ion)|compromis(?:ed|ing)|penetrat(?:ed|ing)|malware|cyber ?-?attacks?|cyber ?-?assaults?|cyber ?-?operations?|attacks? (?:hit|struck) (?:[\w'’]+ ){0,5}?(?:systems?|networks?|websites?|servers?|mail)|(?:hackers?|intruders?|attackers) (?:were|had been|have been) inside|attacks? on (?:the )?(?:[\w'’]+ ){0,3}?(?:grid|network|systems?|servers?|websites?)|infected|trojan|worm|attacked (?:the )?(?:websites?|networks?|computers?|servers?|systems?))\b/gi,
  ],
];

const EVENT_CUES: readonly (readonly [EventClass, RegExp])[] = [
  [
    'cancellation',
    /\b(?:cancel(?:l?ed|l?ing|lation)|call(?:ed|ing) off|pull(?:ed|ing)? out of|withdr(?:ew|awal)|walk(?:ed|ing) (?:out|away)|abandon(?:ed|ing)|suspend(?:ed|ing)) (?:\w+[ ,]+){0,6}?(?:summit|talks|meeting|agreement|accord|deal|negotiations|dialogue|treaty)\b/gi,
  ],
  [
    'agreement',
    /\b(?:sign(?:ed|ing)|reach(?:ed|ing)|conclud(?:ed|ing)|agreed (?:to|on)|announced) (?:\w+[ -]){0,6}?(?:agreement|accord|treaty|cease-?fire|truce|armistice|memorandum)\b|\b(?:cease-?fire|truce) (?:took effect|came into force|began)\b/gi,
  ],
  [
    'indictment',
    /\b(?:indict(?:ed|ment|ments|ing)|charg(?:ed|es) (?:\w+ ){0,6}?(?:hackers?|officers?|men|programmers?|nationals?|citizens|spies)|unsealed|arrest warrants?|criminal complaint)\b/gi,
  ],
  [
    'sanction',
    /\b(?:sanction(?:s|ed|ing)?|blacklist(?:ed|ing)?|export ban|embargo|asset freeze|expelled (?:\w+ ){0,4}?diplomats?)\b/gi,
  ],
  [
    'test',
    /\b(?:nuclear (?:test|device|bomb|detonation)|test(?:ed|-fired|-launched|[- ]fir(?:ing|ed))|missile (?:test|launch(?:es)?|firings?)|(?:fired|launched|firing|launching|launch|launch of) (?:\w+[ -]){0,6}?(?:missiles?|rockets?|satellite|ICBM|projectiles)|satellite launch|rocket launch|hydrogen bomb)\b/gi,
  ],
  [
    'exercise',
    /\b(?:(?:military|joint|annual|naval|live-fire|war|air|combined|large-scale) (?:\w+ ){0,2}?(?:exercises?|drills?|games|manoeuvres|maneuvers)|war games|exercise [A-Z]\w+)\b/g,
  ],
  [
    'strike',
    /\b(?:air ?-?strikes?|drone strikes?|missile strikes?|bomb(?:ed|ing|ardment)|shell(?:ed|ing)|assassinat(?:ed|ion|ing)|killed (?:\w+ ){0,4}?(?:general|commander|scientist|soldiers|leader)|invad(?:ed|ing)|invasion|struck (?:\w+ ){0,4}?(?:facilit(?:y|ies)|sites?|bases?|consulate|embassy))\b/gi,
  ],
  [
    'election',
    /\b(?:(?:presidential|parliamentary|general|midterm|federal|legislative|regional) (?:elections?|vote)|election day|went to the polls|elections?|referendum|polling day)\b/gi,
  ],
  [
    'summit',
    /\b(?:summits?|(?:agreed|due|set|plan(?:s|ned)?|scheduled) to meet|(?:met|meet(?:s|ing)?|held talks|sat down) (?:with )?(?:\w+ ){0,4}?(?:President|Prime Minister|leader|chairman|counterpart|Kim|Putin|Xi|Trump|Biden)|held talks|peace talks|talks (?:began|opened|resumed))\b/gi,
  ],
  [
    'provocation',
    /\b(?:provocations?|sank|sunk|sinking of|torpedo(?:ed)?|land ?mines?|artillery fire|exchanged? fire|shot down|downed|annex(?:ed|ation)|incursions?|seized (?:\w+ ){0,3}?(?:ship|vessel|tanker)|trash balloons?|balloons)\b/gi,
  ],
];

function find<T>(table: readonly (readonly [T, RegExp])[], sentence: string): Cue<T>[] {
  const found: Cue<T>[] = [];
  for (const [what, pattern] of table) {
    for (const match of sentence.matchAll(pattern)) {
      const end = match.index + match[0].length;
      // The first table entry that claims a stretch of text keeps it: "cancelled the summit" is no summit.
      if (!found.some((cue) => match.index < cue.end && end > cue.start))
        found.push({ what, start: match.index, end, text: match[0] });
    }
  }
  return found.toSorted((a, b) => a.start - b.start);
}

export const incidentCues = (sentence: string): Cue<IncidentKind>[] =>
  find(INCIDENT_CUES, sentence);
export const eventCues = (sentence: string): Cue<EventClass>[] => find(EVENT_CUES, sentence);

/** Words of a forecast: somebody says what may come. */
export const FORECAST_CUE =
  /\b(?:warn(?:s|ed|ing)?|expect(?:s|ed|ing)?|predict(?:s|ed|ing)?|forecast(?:s|ed|ing)?|anticipat(?:es?|ed|ing)|brac(?:e|es|ed|ing)|likely|probabl[ey]|may|might|could|will|would|risk of|chance|continue|fear(?:s|ed)?|threaten(?:s|ed)?|retaliat\w+)\b/i;
export const CYBER_WORD =
  /\b(?:cyber\w*|hack\w*|DDoS|denial[- ]of[- ]service|malware|ransomware|wipers?|phishing|intrusions?|retaliat\w+|strike back|attacks?|networks?|websites?)\b/i;
/** A modal before the deed: it did not happen, or not yet. */
export const HYPOTHETICAL =
  /\b(?:could|might|may|would|will|threaten(?:s|ed)? to|plan(?:s|ned)? to|expected to|likely to|if)\s+(?:\w+\s+){0,3}?(?:be\s+)?(?:attack|hack|disrupt|retaliat|strike|launch|target|deface|steal|wipe|leak|conduct|respond)/i;
