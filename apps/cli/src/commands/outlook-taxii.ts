// parley outlook taxii | taxii-serve: collections of others, and ours for them.

import { resolve } from 'node:path';
import type { AddressInfo } from 'node:net';
import type { Command } from 'commander';
import { nativePorts } from '@parley/kernel/node';
import {
  importJson,
  stixBundle,
  TaxiiClient,
  type Filters,
  type Shelf,
  type TaxiiAccess,
} from '@parley/outlook';
import {
  basicAuthorisation,
  OutlookStore,
  sha256Hex,
  taxiiHttpServer,
  taxiiPort,
} from '@parley/outlook/node';
import { printable, Stop, type Shell } from '../shell.ts';
import { chosenHistory } from './outlook-history.ts';

const now = (): string => new Date().toISOString();

type TaxiiFlags = {
  user?: string;
  passwordFile?: string;
  tokenFile?: string;
  root?: string;
  type?: string;
  after?: string;
  limit?: string;
  push?: boolean;
  history?: string;
};

async function secret(path: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  try {
    return (await readFile(resolve(path), 'utf8')).trimEnd();
  } catch {
    throw new Stop(2, 'file-unreadable', `${printable(path)} cannot be read.`);
  }
}

async function accessOf(flags: TaxiiFlags): Promise<TaxiiAccess> {
  if (flags.tokenFile !== undefined)
    return { kind: 'bearer', token: await secret(flags.tokenFile) };
  if (flags.user === undefined) return { kind: 'none' };
  if (flags.passwordFile === undefined)
    throw new Stop(2, 'no-password', 'Give --password-file FILE; a password is never an argument.');
  return { kind: 'basic', user: flags.user, password: await secret(flags.passwordFile) };
}

function refuseTaxii(reason: string, detail: string | undefined): never {
  throw new Stop(
    3,
    reason,
    `The TAXII server's answer is refused: ${printable(detail ?? reason)}.`,
    reason === 'unauthorised' ? 'check --user and --password-file' : undefined,
  );
}

async function runTaxii(
  shell: Shell,
  server: string,
  collection: string | undefined,
  flags: TaxiiFlags,
): Promise<void> {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  const loopback = url !== undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url === undefined || (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)))
    throw new Stop(2, 'bad-address', 'A TAXII server is an https address.');
  const client = new TaxiiClient(taxiiPort(), server, await accessOf(flags));
  const found = await client.discover();
  if (!found.ok) return refuseTaxii(found.reason, found.detail);
  const root = flags.root ?? found.value.roots[0];
  if (root === undefined) throw new Stop(3, 'no-root', 'The server names no API root.');
  if (collection === undefined) {
    const list = await client.collections(root);
    if (!list.ok) return refuseTaxii(list.reason, list.detail);
    for (const one of list.value)
      shell.line(
        `${one.id}  ${one.can_read ? 'r' : '-'}${one.can_write ? 'w' : '-'}  ${printable(one.title)}`,
      );
    shell.result({ ok: true, root, collections: list.value });
    return;
  }
  const store = new OutlookStore(shell.home());
  if (flags.push === true) {
    // What is marked amber or red goes nowhere by a bulk command.
    const records = chosenHistory(store, flags.history).records.filter(
      ({ tlp }) => tlp === 'clear' || tlp === 'green',
    );
    const added = await client.add(
      root,
      collection,
      stixBundle(nativePorts.crypto, records, [], now()).objects,
    );
    if (!added.ok) return refuseTaxii(added.reason, added.detail);
    shell.line(
      `${added.value.taken} objects taken, ${added.value.failed} refused (${added.value.status}). Records above TLP:GREEN stayed here.`,
    );
    shell.result({ ok: true, ...added.value });
    return;
  }
  const filters: Filters = {
    ...(flags.type === undefined ? {} : { type: flags.type.split(',') }),
    ...(flags.after === undefined ? {} : { addedAfter: flags.after }),
    limit: Number(flags.limit ?? '500'),
  };
  const got = await client.objects(root, collection, filters);
  if (!got.ok) return refuseTaxii(got.reason, got.detail);
  const text = JSON.stringify(got.value.objects);
  const imported = got.value.objects.length === 0 ? undefined : importJson(text);
  if (imported?.ok === false) return refuseTaxii(imported.reason, imported.detail);
  const batch =
    imported === undefined
      ? undefined
      : store.saveBatch(
          imported.value,
          `${url.host} ${collection}`,
          sha256Hex(new TextEncoder().encode(text)),
          Date.now(),
        );
  shell.line(
    `${got.value.objects.length} objects read, ${got.value.refused.length} refused; ${batch?.records ?? 0} records and ${batch?.actors ?? 0} actors kept${batch === undefined ? '' : ` as ${batch.batch}`}.`,
  );
  if (got.value.addedLast !== null) shell.line(`Next time: --after ${got.value.addedLast}`);
  shell.result({
    ok: true,
    read: got.value.objects.length,
    refused: got.value.refused,
    batch: batch?.batch ?? null,
    addedLast: got.value.addedLast,
  });
}

const COLLECTION = '5b6f4c1e-8d1a-4f0e-9a5d-2c7e9b3f6a10';

async function runServe(
  shell: Shell,
  flags: { port?: string; user: string; passwordFile: string; history?: string },
): Promise<void> {
  const port = Number(flags.port ?? '0');
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Stop(2, 'bad-option', '--port is a number from 0 to 65535.');
  const records = chosenHistory(new OutlookStore(shell.home()), flags.history).records.filter(
    ({ tlp }) => tlp === 'clear' || tlp === 'green',
  );
  const added = now();
  const shelf: Shelf = {
    collection: {
      id: COLLECTION,
      title: 'Parley outlook',
      can_read: true,
      can_write: false,
      media_types: ['application/stix+json;version=2.1'],
    },
    stored: stixBundle(nativePorts.crypto, records, [], added).objects.map((object) => ({
      object,
      added,
      version: typeof object['modified'] === 'string' ? object['modified'] : added,
    })),
  };
  const knows = basicAuthorisation(flags.user, await secret(flags.passwordFile));
  const readable = new Set([COLLECTION]);
  const server = taxiiHttpServer({
    title: 'Parley outlook',
    contact: '',
    root: '/api/',
    shelves: [shelf],
    authorise: (header) =>
      knows(header) ? { read: readable, write: new Set<string>() } : undefined,
  });
  await new Promise<void>((done, fail) => {
    server.once('error', () =>
      fail(new Stop(1, 'port-taken', `Port ${port} cannot be opened.`, 'choose another --port')),
    );
    server.listen(port, '127.0.0.1', done);
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  shell.line(
    `TAXII 2.1 at ${address} (collection ${COLLECTION}, read only, ${shelf.stored.length} objects up to TLP:GREEN). Ctrl-C ends it.`,
  );
  shell.item({ ok: true, address, collection: COLLECTION, objects: shelf.stored.length });
  await new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
  server.closeAllConnections();
  server.close();
}

export function registerTaxii(outlook: Command, shell: Shell): void {
  outlook
    .command('taxii <server> [collection]')
    .description('list a TAXII 2.1 server’s collections, import one, or --push the history into it')
    .option('--user <name>', 'for basic authentication')
    .option('--password-file <file>', 'its password')
    .option('--token-file <file>', 'a bearer token instead')
    .option('--root <path>', 'API root (default: the first that the server names)')
    .option('--type <types>', 'only these STIX types, by comma')
    .option('--after <time>', 'only what was added later')
    .option('--limit <n>', 'objects a page', '500')
    .option('--push', 'write our records, up to TLP:GREEN')
    .option('--history <which>', 'shipped, imported or all')
    .action((server: string, collection: string | undefined, flags: TaxiiFlags) =>
      runTaxii(shell, server, collection, flags),
    );
  outlook
    .command('taxii-serve')
    .description('offer the history by TAXII 2.1 on loopback; put TLS in front of it')
    .requiredOption('--user <name>', 'who may read')
    .requiredOption('--password-file <file>', 'with which password')
    .option('--port <n>', 'port on 127.0.0.1 (default: any free one)')
    .option('--history <which>', 'shipped, imported or all')
    .action((flags: { port?: string; user: string; passwordFile: string; history?: string }) =>
      runServe(shell, flags),
    );
}
