// Drawings of office files for tests: charts, anchors and metafiles, as strangers write them.

const C =
  'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

const points = (said: readonly string[]): string =>
  `<c:ptCount val="${said.length}"/>${said.map((v, i) => `<c:pt idx="${i}"><c:v>${v}</c:v></c:pt>`).join('')}`;

/** Words with the cells they are said to come from. */
export const words = (cells: string, ...said: string[]): string =>
  `<c:strRef><c:f>${cells}</c:f><c:strCache>${points(said)}</c:strCache></c:strRef>`;

export const numbers = (cells: string, ...said: string[]): string =>
  `<c:numRef><c:f>${cells}</c:f><c:numCache><c:formatCode>0.0</c:formatCode>${points(said)}</c:numCache></c:numRef>`;

export const series = (name: string, across: string, up: string, more = ''): string =>
  `<c:ser><c:idx val="0"/><c:order val="0"/><c:tx>${name}</c:tx>${more}<c:cat>${across}</c:cat><c:val>${up}</c:val></c:ser>`;

export const title = (said: string): string =>
  `<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:r><a:t>${said}</a:t></a:r></a:p></c:rich></c:tx></c:title>`;

export const axes = (across: string, up: string): string =>
  `<c:catAx><c:axId val="1"/><c:scaling/><c:delete val="0"/>${title(across)}<c:crossAx val="2"/></c:catAx>` +
  `<c:valAx><c:axId val="2"/><c:scaling><c:max val="9"/><c:min val="-1"/></c:scaling><c:delete val="0"/>${title(up)}<c:crossAx val="1"/></c:valAx>`;

/** A chart part around the inner XML of its plot. */
export const chartPartOf = (plot: string, head = '', tail = ''): string =>
  `<c:chartSpace ${C}><c:chart>${head}<c:plotArea>${plot}</c:plotArea><c:legend><c:legendPos val="b"/></c:legend></c:chart>${tail}</c:chartSpace>`;

export const relationshipsOf = (
  ...all: readonly (readonly [id: string, type: string, target: string, external?: boolean])[]
): string =>
  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${all
    .map(
      ([id, type, target, external = false]) =>
        `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"${external ? ' TargetMode="External"' : ''}/>`,
    )
    .join('')}</Relationships>`;

/** A drawing of a sheet, each piece at a place of its own. */
export const drawingOf = (...pieces: readonly string[]): string =>
  `<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:r="${OFFICE}">${pieces
    .map(
      (piece, i) =>
        `<xdr:twoCellAnchor><xdr:from><xdr:col>${i}</xdr:col><xdr:colOff>9525</xdr:colOff><xdr:row>2</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>${i + 3}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>9</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>${piece}<xdr:clientData/></xdr:twoCellAnchor>`,
    )
    .join('')}</xdr:wsDr>`;

export const boxOf = (said: string, more = ''): string =>
  `<xdr:sp macro="[0]!Run" textlink="[1]Other!A1"><xdr:nvSpPr><xdr:cNvPr id="2" name="secret name" descr="secret words"${more}><a:hlinkClick r:id="link"/></xdr:cNvPr></xdr:nvSpPr><xdr:txBody><a:bodyPr/>${said}</xdr:txBody></xdr:sp>`;
export const boxWords = (said: string): string => `<a:p><a:r><a:t>${said}</a:t></a:r></a:p>`;

export const chartOf = (id: string): string =>
  `<xdr:graphicFrame><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart r:id="${id}"/></a:graphicData></a:graphic></xdr:graphicFrame>`;

type Drawn = { readonly text: string; readonly x: number; readonly y: number };

/** A metafile that draws these texts, its letters ten units wide. */
export function metafileOf(...texts: readonly Drawn[]): Uint8Array {
  const header = new DataView(new ArrayBuffer(108));
  header.setUint32(0, 1, true);
  header.setUint32(4, 108, true);
  header.setUint32(40, 0x46_4d_45_20, true);
  const records = texts.map(({ text, x, y }) => {
    const letters = text.length;
    const steps = 76 + 2 * letters + ((2 * letters) % 4);
    const record = new DataView(new ArrayBuffer(steps + 4 * letters));
    record.setUint32(0, 84, true);
    record.setUint32(4, record.byteLength, true);
    record.setInt32(36, x, true);
    record.setInt32(40, y, true);
    record.setUint32(44, letters, true);
    record.setUint32(48, 76, true);
    record.setUint32(72, steps, true);
    for (let i = 0; i < letters; i++) {
      record.setUint16(76 + 2 * i, text.charCodeAt(i), true);
      record.setUint32(steps + 4 * i, 10, true);
    }
    return record;
  });
  const end = new DataView(new ArrayBuffer(20));
  end.setUint32(0, 14, true);
  end.setUint32(4, 20, true);
  return Uint8Array.from(
    Buffer.concat([header, ...records, end].map((view) => new Uint8Array(view.buffer))),
  );
}
