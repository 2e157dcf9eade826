// npm run bench:audit: what an audit of 1,000 buckets costs, with and without throttling.
//
//   --runs N   measured runs of each (3); the table shows medians

import { runProgram } from '../scripts/run-program.mjs';

await runProgram('bench/audit/main.ts');
