// `npm run build:web`: builds the page now instead of at its first use.

import { builtPage } from './src/server/build.ts';

console.log(`the page is in ${await builtPage()}`);
