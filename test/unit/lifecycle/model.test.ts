import { PLAIN } from './model/scenario.js';
import { nothingWalked, walk } from './model/walk.js';

test('try', async () => {
  const walked = nothingWalked();
  for (const route of ['readable', 'sealed', 'output'] as const)
    for (const action of [
      'create',
      'replace',
      'replace-before-destroy',
      'rotate',
      'destroy',
      'move',
    ] as const)
      await walk({ ...PLAIN, route, action }, walked);
  console.info(
    walked.histories,
    [...walked.violations].map(([what, { times, example }]) => `${what} ${times}\n   ${example}`).join('\n'),
  );
});
