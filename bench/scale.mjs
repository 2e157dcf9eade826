// npm run bench:scale: a plan of a stack with many buckets, beside hashicorp/aws, also while AWS throttles.
//
//   --buckets N      buckets, with a key each (300)
//   --runs N         measured runs of each (3)
//   --latency MS     how long each GetBucketAccessKeys takes (100)
//   --quick          without hashicorp/aws
//   --save           write the results to docs/benchmarks-scale.json

import { runProgram } from '../scripts/run-program.mjs';

await runProgram('bench/scale/main.ts');
