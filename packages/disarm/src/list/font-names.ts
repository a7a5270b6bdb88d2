// Fonts that a copy may name: those that most machines have or have a twin of. A name from outside this list becomes another of it.

export const FONT_NAMES = [
  'Liberation Sans',
  'Liberation Serif',
  'Liberation Mono',
  'Arial',
  'Arial Narrow',
  'Times New Roman',
  'Courier New',
  'Calibri',
  'Calibri Light',
  'Cambria',
  'Carlito',
  'Caladea',
  'Aptos',
  'Aptos Narrow',
  'Verdana',
  'Tahoma',
  'Georgia',
  'Segoe UI',
  'Malgun Gothic',
  'Batang',
  'Gulim',
  'Dotum',
  'SimSun',
  'SimHei',
  'DengXian',
  'Microsoft YaHei',
  'MS Gothic',
  'MS Mincho',
  'Traditional Arabic',
  'Simplified Arabic',
] as const;
export type FontName = (typeof FONT_NAMES)[number];

/** What the same fonts are called at home. */
const AT_HOME: Readonly<Record<string, FontName>> = {
  宋体: 'SimSun',
  黑体: 'SimHei',
  等线: 'DengXian',
  微软雅黑: 'Microsoft YaHei',
  '맑은 고딕': 'Malgun Gothic',
  바탕: 'Batang',
  굴림: 'Gulim',
  돋움: 'Dotum',
  'ＭＳ ゴシック': 'MS Gothic',
  'ＭＳ 明朝': 'MS Mincho',
};

/** A size in half points; null where no letter has it. */
export const halfPoints = (size: number): number | null => {
  const whole = Math.round(size);
  return whole >= 2 && whole <= 800 ? whole : null;
};

export const fontNamed = (said: string | undefined, otherwise: FontName): FontName =>
  FONT_NAMES.find((name) => name === said) ??
  (Object.hasOwn(AT_HOME, said ?? '') ? AT_HOME[said ?? ''] : undefined) ??
  otherwise;
