// How often property tests run: few times by hand, many with SLOW=1.

import * as fc from 'fast-check';

fc.configureGlobal({ numRuns: process.env['SLOW'] === '1' ? 5000 : 60 });

export { fc };
