// Formulas by allow-list: numbers, texts, places of this workbook, arithmetic, and functions that only compute. Everything else becomes its value.

const FUNCTIONS = new Set(
  (
    'ABS ACOS AND ASIN ATAN ATAN2 AVEDEV AVERAGE AVERAGEA AVERAGEIF AVERAGEIFS CEILING CHAR CHOOSE CLEAN CODE COLUMN COLUMNS ' +
    'COMBIN CONCATENATE CORREL COS COUNT COUNTA COUNTBLANK COUNTIF COUNTIFS COVAR DATE DATEDIF DATEVALUE DAY DAYS DAYS360 ' +
    'DB DDB DEGREES DOLLAR EDATE EOMONTH EVEN EXACT EXP FACT FALSE FIND FIXED FLOOR FORECAST FREQUENCY FV GCD GEOMEAN GROWTH ' +
    'HARMEAN HLOOKUP HOUR IF IFERROR IFNA INDEX INT INTERCEPT IPMT IRR ISBLANK ISERR ISERROR ISEVEN ISLOGICAL ISNA ISNONTEXT ' +
    'ISNUMBER ISODD ISTEXT LARGE LCM LEFT LEN LN LOG LOG10 LOOKUP LOWER MATCH MAX MAXA MEDIAN MID MIN MINA MINUTE MOD MODE ' +
    'MONTH MROUND N NA NETWORKDAYS NORMDIST NORMINV NOT NPER NPV ODD OR PERCENTILE PERCENTRANK PI PMT POWER PPMT PRODUCT PROPER ' +
    'PV QUARTILE QUOTIENT RADIANS RANK RATE REPLACE REPT RIGHT ROMAN ROUND ROUNDDOWN ROUNDUP ROW ROWS SEARCH SECOND SIGN SIN ' +
    'SLN SLOPE SMALL SQRT STDEV STDEVP SUBSTITUTE SUBTOTAL SUM SUMIF SUMIFS SUMPRODUCT SUMSQ T TAN TEXT TIME TIMEVALUE TODAY ' +
    'TREND TRIM TRUE TRUNC UPPER VALUE VAR VARP VLOOKUP WEEKDAY WEEKNUM WORKDAY XIRR XNPV YEAR YEARFRAC'
  ).split(' '),
);

const LENGTH_MAX = 8192;
const TOKEN =
  /\s+|"(?:[^"]|"")*"|(?<sheet>'(?:[^']|'')+'!|[\p{L}_][\p{L}\p{N}_.]*!)|(?<place>\$?[A-Z]{1,3}\$?[1-9]\d{0,6}(?![\p{L}\p{N}_(.]))|(?<lines>\$?[A-Z]{1,3}:\$?[A-Z]{1,3}(?![\p{L}\p{N}_(.])|\$?[1-9]\d{0,6}:\$?[1-9]\d{0,6}(?![\p{L}\p{N}_.]))|(?<call>[A-Z][A-Z0-9.]*)\(|(?<truth>TRUE|FALSE)(?![\p{L}\p{N}_(.])|\d+(?:\.\d*)?(?:E[+-]?\d+)?|\.\d+(?:E[+-]?\d+)?|<=|>=|<>|[-+*/^&=<>%(),:{};]/uy;

type Move = { readonly rows: number; readonly columns: number };

/** The letters of a column; 1 is A. */
export function columnLetters(column: number): string {
  let letters = '';
  for (let left = column; left > 0; left = Math.floor((left - 1) / 26)) {
    letters = String.fromCharCode(65 + ((left - 1) % 26)) + letters;
  }
  return letters;
}

/** 1 for A, 27 for AA; 0 without letters. */
export function columnNumber(letters: string): number {
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column;
}

function moved(place: string, { rows, columns }: Move): string | undefined {
  const [, fixedColumn = '', letters = '', fixedRow = '', digits = ''] =
    /^(\$?)([A-Z]+)(\$?)(\d+)$/.exec(place) ?? [];
  const column = columnNumber(letters) + (fixedColumn === '' ? columns : 0);
  const row = Number(digits) + (fixedRow === '' ? rows : 0);
  if (column < 1 || column > 16_384 || row < 1 || row > 1_048_576) return undefined;
  return `${fixedColumn}${columnLetters(column)}${fixedRow}${row}`;
}

/**
 * The formula, every token of it known, moved where it is shared by several cells; undefined where a part of it is not
 * on the list. `sheets` are the names of the workbook's own sheets.
 */
export function plainFormula(
  formula: string,
  sheets: ReadonlySet<string>,
  move: Move = { rows: 0, columns: 0 },
): string | undefined {
  if (formula === '' || formula.length > LENGTH_MAX) return undefined;
  let out = '';
  TOKEN.lastIndex = 0;
  for (let at = 0; at < formula.length;) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(formula);
    if (match === null || match[0] === '') return undefined;
    const { sheet, place, lines, call } = match.groups ?? {};
    let [token] = match;
    if (sheet !== undefined) {
      const name = sheet.startsWith("'")
        ? sheet.slice(1, -2).replaceAll("''", "'")
        : sheet.slice(0, -1);
      if (!sheets.has(name)) return undefined;
    }
    if (call !== undefined && !FUNCTIONS.has(call)) return undefined;
    if (place !== undefined) {
      const there = moved(place, move);
      if (there === undefined) return undefined;
      token = there;
    }
    // Whole rows and columns stay where they are only if nothing moves.
    if (lines !== undefined && (move.rows !== 0 || move.columns !== 0) && !/^\$.*:\$/.test(lines))
      return undefined;
    out += token;
    at += match[0].length;
  }
  return out;
}

const PLACE = String.raw`\$?[A-Z]{1,3}\$?[1-9]\d{0,6}`;
const CELLS = new RegExp(
  String.raw`^(?:'((?:[^']|'')+)'|([\p{L}_][\p{L}\p{N}_.]*))!${PLACE}(?::${PLACE})?$`,
  'u',
);

/** One cell or one block of cells of the workbook's own sheets; undefined where it is anything else. */
export function plainCells(reference: string, sheets: ReadonlySet<string>): string | undefined {
  const [, quoted, bare = ''] = CELLS.exec(reference) ?? [];
  const name = quoted === undefined ? bare : quoted.replaceAll("''", "'");
  return sheets.has(name) ? reference : undefined;
}
