export {
  civilOf,
  day,
  dayOf,
  DAYS_PER_MONTH,
  isMonthPrecise,
  readCivil,
  readDay,
  readSpan,
  spanOfDay,
  spanOfMonth,
  spanOfYear,
  textOfDay,
  textOfSpan,
  type DateReason,
  type Day,
  type Precision,
  type Span,
} from './calendar.ts';
export { COUNTRIES, countryCode, countryName, type Country, type CountryCode } from './country.ts';
export { countriesIn, countryMentions, type CountryMention } from './country-mentions.ts';
export {
  admiraltyWords,
  readAdmiralty,
  readTlp,
  strictestTlp,
  TLP_LEVELS,
  TLP_MARKINGS,
  tlpOfMarking,
  type AdmiraltyCode,
  type Tlp,
} from './marking.ts';
export {
  EVENT_CLASSES,
  INCIDENT_KINDS,
  initiatorCountries,
  KIND_GROUPS,
  kindGroup,
  receiverCountries,
  type Correction,
  type EventClass,
  type HistoryEvent,
  type HistoryRecord,
  type Incident,
  type IncidentKind,
  type Initiator,
  type KindGroup,
  type Provenance,
  type Receiver,
  type Source,
  type Sponsor,
} from './history/record.ts';
export { SHIPPED_HISTORY } from './history/shipped.ts';
export { canonicalJson, snapshotHash } from './snapshot.ts';
export { CSV_LIMITS, CsvReader, readCsv, type CsvLimits, type CsvReason } from './csv.ts';
export { CsvImport, importCsv } from './imports/csv-import.ts';
export { importJson, readJson } from './imports/json-import.ts';
export { readMapping, type Mapping } from './imports/mapped.ts';
export type { Imported, ImportReason, NamedActor, RefusedRow } from './imports/imported.ts';
export {
  backtest,
  BACKTEST_OPTIONS,
  type BacktestOptions,
  type BacktestReason,
} from './backtest/backtest.ts';
export { scoreInAdvance } from './backtest/in-advance.ts';
export { type Backtest } from './backtest/result.ts';
export {
  HOLIDAY_CLAIM,
  NO_MEASURED_SKILL,
  skillWords,
  textOfEstimate,
} from './backtest/findings.ts';
export { type Comparison } from './backtest/score.ts';
export { textOfDyad, type Dyad } from './backtest/series.ts';
export { WALK_OPTIONS } from './backtest/walk-forward.ts';
export { RATE_SETTINGS, type RateSettings } from './forecast/rate.ts';
export { seeded, type Seeded } from './random.ts';
export {
  adjust,
  forecast,
  horizonRows,
  MODEL_ID,
  type Adjustment,
  type Forecast,
  type ForecastReason,
  type HorizonRow,
} from './forecast/forecast.ts';
export {
  CAUTION_SENTENCES,
  cautionText,
  type Caution,
  type CautionCode,
} from './forecast/cautions.ts';
export { FIGURE_SENTENCES, type FigureCode, type FigureSpeech } from './figure-sentences.ts';
export type { GatedCovariate } from './forecast/gated.ts';
export {
  checkQuestion,
  questionText,
  resolveQuestion,
  standardRule,
  type Question,
  type QuestionReason,
  type Resolution,
} from './forecast/question.ts';
export { chanceText, estimativeWords, rangeOfWords, type Yardstick } from './forecast/words.ts';
export {
  LEDGER_START,
  nameOfForecaster,
  nextLine,
  RANKED_MIN,
  scoreLedger,
  verifyLedger,
  type Forecaster,
  type LedgerBody,
  type LedgerLine,
  type LedgerReason,
  type LedgerScore,
} from './ledger.ts';
export {
  decodeShared,
  encodeShared,
  joinLedgers,
  sharedQuestion,
  type JointLedger,
  type JointQuestion,
  type SharedBy,
  type SharedReason,
} from './shared-ledger.ts';
export {
  ARTICLE_CHARACTERS_MAX,
  checkArticle,
  sentencesOf,
  type Article,
  type ArticleReason,
} from './reading/article.ts';
export { buildGazetteer, type ActorMention, type Gazetteer } from './reading/gazetteer.ts';
export { initiatorMentions, initiatorOf, type InitiatorMention } from './reading/initiator.ts';
export { datesIn, horizonIn, type DateMention, type Horizon } from './reading/dates.ts';
export {
  describeProposal,
  readArticle,
  type Proposal,
  type ReadEvent,
  type ReadIncident,
  type Reading,
} from './reading/read.ts';
export type { QuotedForecast } from './reading/quotes.ts';
export { decide, textHash, type Decision, type ReviewReason } from './reading/review.ts';
export { readFeed, type Feed, type FeedItem, type FeedReason } from './reading/feed.ts';
export { pairKey, proposeDuplicates, type DuplicateProposal } from './history/duplicates.ts';
export { readRecord, type RecordReason } from './history/check.ts';
export {
  correct,
  CORRECTABLE,
  correctionBytes,
  keyName,
  type SignedCorrection,
} from './history/correction.ts';
export type { StixBundle, StixObject } from './stix/object.ts';
export {
  checkStixBundle,
  checkStixObject,
  STIX_LIMITS,
  upgradeStix,
  type StixReason,
} from './stix/validate.ts';
export { FORECAST_EXTENSION, RECORD_EXTENSION, stixBundle } from './stix/write.ts';
export { importStixObjects } from './stix/read.ts';
export { importGalaxy, importMispEvents, mispEvent } from './misp/event.ts';
export { navigatorLayer, type NavigatorLayer } from './navigator.ts';
export { TaxiiClient, type Objects, type TaxiiAccess, type TaxiiReason } from './taxii/client.ts';
export { answerTaxii, TAXII_LIMITS, type Shelf, type TaxiiServer } from './taxii/server.ts';
export {
  TAXII_TYPE,
  type Collection,
  type Filters,
  type HttpPort,
  type HttpRequest,
  type HttpResponse,
  type ManifestRecord,
} from './taxii/protocol.ts';
