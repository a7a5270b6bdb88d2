// Moves a store in a process of its own, as an operator does: it holds the old store's lock while relays wait for it.

import { moveToPostgres } from '../migrate.ts';

const [path = '', url = ''] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await moveToPostgres(path, url)));
