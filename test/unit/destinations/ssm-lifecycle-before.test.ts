import { newShelf } from '../../support/ssm/shelf.js';
import { SsmWorkbench } from '../../support/ssm/workbench.js';
import { carriesTheLifecycle } from './lifecycle-over-store.js';

let bench: SsmWorkbench;
beforeAll(async () => {
  bench = await SsmWorkbench.open();
});
afterAll(() => bench.close());

carriesTheLifecycle('an SSM parameter', () => newShelf(bench), ['before']);
