export { backtestPage } from './backtest-page.ts';
export { holidayCalendars, publicHolidays } from './holidays.ts';
export { importFile, type FileReason, type ReadFile } from './import-file.ts';
export { appendLine, readLines, replaceFile, replaceLines, type StoreFault } from './json-lines.ts';
export { OutlookStore, sha256Hex, type Batch, type DuplicateDecision } from './store.ts';
export { ARTICLE_BYTES_MAX, articleFromBytes, type ArticleFacts } from './article-file.ts';
export { basicAuthorisation, taxiiHttpServer, taxiiPort, type TaxiiFault } from './taxii-http.ts';
export { reportPage, type ReportParts } from './report-page.ts';
