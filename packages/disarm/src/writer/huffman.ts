// Huffman codes as deflate wants them: from counts to lengths of a limit, from lengths to bits.

/** Lengths and bits of one set of symbols, the bits turned round as the format wants them. */
export type Codes = { readonly lengths: Uint8Array; readonly bits: Uint16Array };

/** The canonical codes of these lengths (RFC 1951, 3.2.2). */
export function codesFrom(lengths: Uint8Array): Codes {
  const next = new Uint16Array(17);
  for (const length of lengths) if (length > 0) next[length + 1] = (next[length + 1] ?? 0) + 1;
  for (let i = 1; i < 17; i++) next[i] = ((next[i] ?? 0) + (next[i - 1] ?? 0)) << 1;
  // Each entry now holds the first code of its length.
  const bits = new Uint16Array(lengths.length);
  lengths.forEach((length, symbol) => {
    if (length === 0) return;
    let code = next[length] ?? 0;
    next[length] = code + 1;
    let turned = 0;
    for (let i = 0; i < length; i++, code >>= 1) turned = (turned << 1) | (code & 1);
    bits[symbol] = turned;
  });
  return { lengths, bits };
}

/** Huffman code lengths of at most `limit` bits. At least two symbols get one, as every reader accepts. */
export function lengthsOf(counts: Uint32Array, limit: number): Uint8Array {
  const lengths = new Uint8Array(counts.length);
  const used: number[] = [];
  counts.forEach((count, symbol) => count > 0 && used.push(symbol));
  for (let symbol = 0; used.length < 2; symbol++) if (!used.includes(symbol)) used.push(symbol);
  used.sort((a, b) => (counts[a] ?? 0) - (counts[b] ?? 0) || a - b);
  const total = used.length;
  const weight = used.map((symbol) => counts[symbol] ?? 0);
  const parent: number[] = [];
  let leaf = 0;
  let inner = total;
  const lightest = (): number =>
    leaf < total && (inner >= weight.length || (weight[leaf] ?? 0) <= (weight[inner] ?? 0))
      ? leaf++
      : inner++;
  for (let node = total; node < 2 * total - 1; node++) {
    const a = lightest();
    const b = lightest();
    weight.push((weight[a] ?? 0) + (weight[b] ?? 0));
    parent[a] = node;
    parent[b] = node;
  }
  const depth: number[] = [];
  depth[2 * total - 2] = 0;
  const perLength = Array.from({ length: limit + 1 }, () => 0);
  for (let node = 2 * total - 3; node >= 0; node--) {
    depth[node] = (depth[parent[node] ?? 0] ?? 0) + 1;
    if (node < total) {
      const length = Math.min(limit, depth[node] ?? 1);
      perLength[length] = (perLength[length] ?? 0) + 1;
    }
  }
  // Cutting long codes overfills the tree: take leaves down one by one until it is exactly full.
  let over = perLength.reduce((sum, n, length) => sum + n * 2 ** (limit - length), -(2 ** limit));
  for (; over > 0; over--) {
    let length = limit - 1;
    while (perLength[length] === 0) length--;
    perLength[limit] = (perLength[limit] ?? 0) - 1;
    perLength[length] = (perLength[length] ?? 0) - 1;
    perLength[length + 1] = (perLength[length + 1] ?? 0) + 2;
  }
  let at = 0;
  for (let length = limit; length > 0; length--) {
    for (let left = perLength[length] ?? 0; left > 0; left--) lengths[used[at++] ?? 0] = length;
  }
  return lengths;
}
