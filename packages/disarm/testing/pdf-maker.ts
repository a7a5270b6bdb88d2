// Makes small PDFs for tests, hostile ones included: objects as text, a cross-reference table, nothing else.

/** One object's body, or a stream with its dictionary entries. */
export type PdfObject =
  | string
  | { readonly dictionary: string; readonly stream: string | Uint8Array };

/** Object 1 is the catalog. Everything after it is as the test wants it. */
export function makePdf(objects: readonly PdfObject[], tail = ''): Uint8Array {
  const chunks: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  const offsets: number[] = [];
  let at = chunks[0]?.length ?? 0;
  const push = (chunk: Buffer): void => {
    chunks.push(chunk);
    at += chunk.length;
  };
  objects.forEach((object, i) => {
    offsets.push(at);
    if (typeof object === 'string')
      return push(Buffer.from(`${i + 1} 0 obj\n${object}\nendobj\n`, 'latin1'));
    const data =
      typeof object.stream === 'string'
        ? Buffer.from(object.stream, 'latin1')
        : Buffer.from(object.stream);
    push(
      Buffer.from(
        `${i + 1} 0 obj\n<<${object.dictionary}/Length ${data.length}>>\nstream\n`,
        'latin1',
      ),
    );
    push(data);
    push(Buffer.from('\nendstream\nendobj\n'));
  });
  const start = at;
  const lines = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  push(
    Buffer.from(
      `xref\n0 ${offsets.length + 1}\n0000000000 65535 f \n${lines}trailer\n<</Size ${offsets.length + 1}/Root 1 0 R>>\nstartxref\n${start}\n%%EOF\n${tail}`,
      'latin1',
    ),
  );
  return new Uint8Array(Buffer.concat(chunks));
}

const FONT = '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>';

/** One page of Helvetica with the given content stream. */
export function onePage(
  content: string,
  extra: { page?: string; catalog?: string; objects?: readonly PdfObject[]; tail?: string } = {},
): Uint8Array {
  return makePdf(
    [
      `<</Type/Catalog/Pages 2 0 R${extra.catalog ?? ''}>>`,
      '<</Type/Pages/Kids[3 0 R]/Count 1>>',
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R${extra.page ?? ''}>>`,
      { dictionary: '', stream: content },
      FONT,
      ...(extra.objects ?? []),
    ],
    extra.tail,
  );
}

/** JavaScript, a launch action, an attachment, a link, white text, metadata and a tail: what a bad guest brings. */
export function hostilePdf(): Uint8Array {
  return onePage(
    'BT /F1 18 Tf 20 150 Td (Agreed on all points) Tj ET BT 1 g /F1 18 Tf 20 100 Td (the secret clause) Tj ET 1 0 0 RG 2 w 20 40 m 200 40 l S 0 0 1 rg 220 20 40 40 re f',
    {
      catalog:
        '/OpenAction 6 0 R/Names<</JavaScript<</Names[(a) 6 0 R]>>/EmbeddedFiles<</Names[(evil.exe) 8 0 R]>>>>',
      page: '/Annots[7 0 R]/AA<</O<</S/Launch/F(calc.exe)>>>>',
      objects: [
        '<</S/JavaScript/JS(app.alert\\(1\\))>>',
        '<</Type/Annot/Subtype/Link/Rect[20 140 200 170]/Border[0 0 0]/A<</S/URI/URI(http://evil.example/track?id=7)>>>>',
        '<</Type/Filespec/F(evil.exe)/UF(evil.exe)/EF<</F 9 0 R>>>>',
        { dictionary: '/Type/EmbeddedFile', stream: 'MZ not a program' },
      ],
      tail: 'PK appended',
    },
  );
}

/** A document that claims and has `count` empty pages. */
export function manyPages(count: number): Uint8Array {
  const kids = Array.from({ length: count }, (_, i) => `${i + 3} 0 R`).join(' ');
  return makePdf([
    '<</Type/Catalog/Pages 2 0 R>>',
    `<</Type/Pages/Kids[${kids}]/Count ${count}/MediaBox[0 0 200 200]>>`,
    ...Array.from({ length: count }, () => '<</Type/Page/Parent 2 0 R>>'),
  ]);
}
