// npm run demo: one access key from a CDKTF stack to its end, through a real Terraform, on this machine alone.

import { runProgram } from './run-program.mjs';

await runProgram('scripts/demo/main.ts');
