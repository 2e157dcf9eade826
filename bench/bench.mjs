// npm run bench: what this provider costs, beside hashicorp/aws and Terraform alone.
//
//   --runs N   measured runs of each (5)
//   --quick    without hashicorp/aws, whose apply alone takes half a minute
//   --strict   exit status 1 when a bar is missed (the main bundle's size always counts)
//   --save     write the results to docs/benchmarks.json and the table into the README too

import { runProgram } from '../scripts/run-program.mjs';

await runProgram('bench/main.ts');
