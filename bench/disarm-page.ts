// The conformance run as one self-contained page: a table, plots as inline SVG, no script, nothing fetched.

/** What was measured of one document. */
export type Measured = {
  readonly file: string;
  readonly kind: string;
  readonly bytes: number;
  readonly outcome: 'rebuilt' | 'refused';
  readonly reason: string;
  readonly seconds: number;
  /** Processor time, ours and the cages', where the machine tells. */
  readonly cpuSeconds: number;
  readonly pages: number;
  readonly pixelPages: number;
  readonly safeBytes: number;
  readonly peakMB: number;
  readonly verdict: string;
  readonly detail: string;
  readonly recall: number | null;
  readonly words: number;
  readonly ssim: number | null;
  readonly ssimMin: number | null;
  /** Another reader (poppler, LibreOffice) opens the original. Null where that was not asked. */
  readonly readable: boolean | null;
  /** LibreOffice opens the editable copy. Null where there is none, or nobody to ask. */
  readonly opens: boolean | null;
};

export type Peer = {
  readonly file: string;
  readonly pages: number;
  readonly peerSeconds: number;
  readonly peerBytes: number;
  readonly ourSeconds: number;
  readonly peerCpuSeconds: number;
  readonly ourCpuSeconds: number;
};

const escape = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

/** Bars over equal steps between `from` and `to`; what lies outside is counted in the end bars. */
function histogram(
  title: string,
  values: readonly number[],
  { from, to, goal }: { from: number; to: number; goal: number },
): string {
  const bins = Array.from({ length: 20 }, () => 0);
  for (const value of values) {
    const at = Math.floor(((value - from) / (to - from)) * bins.length);
    const bin = Math.max(0, Math.min(bins.length - 1, at));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  const highest = Math.max(1, ...bins);
  const bars = bins.map((count, i) => {
    const height = (count / highest) * 120;
    return `<rect x="${20 + i * 16}" y="${140 - height}" width="14" height="${height}"><title>${count}</title></rect>`;
  });
  const mark = 20 + ((goal - from) / (to - from)) * 320;
  return `<figure><figcaption>${escape(title)} (${values.length} documents)</figcaption><svg viewBox="0 0 360 170" role="img" aria-label="${escape(title)}">${bars.join('')}<line x1="${mark}" x2="${mark}" y1="10" y2="140"/><text x="20" y="160">${from}</text><text x="330" y="160">${to}</text><text x="${mark}" y="160">goal ${goal}</text></svg></figure>`;
}

function table(rows: readonly Record<string, string>[]): string {
  const names = Object.keys(rows[0] ?? {});
  const head = names.map((name) => `<th>${escape(name)}</th>`).join('');
  const body = rows.map(
    (row) => `<tr>${names.map((name) => `<td>${escape(row[name] ?? '')}</td>`).join('')}</tr>`,
  );
  return `<table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}

const known = (values: readonly (number | null)[]): number[] =>
  values.filter((value): value is number => value !== null);

export function conformancePage(
  rows: readonly Record<string, string>[],
  all: readonly Measured[],
  peers: readonly Peer[],
  fonts: string,
): string {
  const rebuilt = all.filter((m) => m.outcome === 'rebuilt');
  const plots = [
    histogram('Word recall', known(rebuilt.filter((m) => m.words > 0).map((m) => m.recall)), {
      from: 0,
      to: 1,
      goal: 0.95,
    }),
    histogram('Structural similarity', known(rebuilt.map((m) => m.ssim)), {
      from: 0.5,
      to: 1,
      goal: 0.9,
    }),
    histogram(
      'Size of the copy over the original',
      rebuilt.map((m) => m.safeBytes / Math.max(1, m.bytes)),
      { from: 0, to: 10, goal: 2 },
    ),
    histogram(
      'Times faster than the pixel peer',
      peers.map((p) => p.peerSeconds / p.ourSeconds),
      { from: 0, to: 20, goal: 4 },
    ),
  ];
  const list = all.map((m) => ({
    file: m.file,
    outcome: m.outcome === 'rebuilt' ? m.verdict : `refused: ${m.reason}`,
    pages: String(m.pages),
    recall: m.recall === null ? '' : String(m.recall),
    ssim: m.ssim === null ? '' : String(m.ssim),
    'size ratio': m.outcome === 'rebuilt' ? (m.safeBytes / Math.max(1, m.bytes)).toFixed(2) : '',
    seconds: m.seconds.toFixed(2),
    detail: m.detail,
  }));
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Disarm: conformance run</title>
<style>body{font:14px system-ui;margin:2rem;max-width:80rem}table{border-collapse:collapse;margin:1rem 0}td,th{border:1px solid #ccc;padding:.2rem .5rem;text-align:left}figure{display:inline-block;width:24rem;margin:.5rem}rect{fill:#37618f}line{stroke:#b3261e;stroke-dasharray:4}text{font-size:10px}</style>
<h1>Disarm: conformance run</h1><p>The judge's LibreOffice draws with ${escape(fonts)}.</p>${table(rows)}${plots.join('')}<h2>Every document</h2>${table(list)}</html>
`;
}
