// The reading half of pdfjs, which is run on this thread: a page under our rules may start no worker.

declare module 'pdfjs-dist/build/pdf.worker.min.mjs' {
  export const WorkerMessageHandler: unknown;
}
