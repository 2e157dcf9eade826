import { Emulator } from '../../src/emulator/index.js';
import { builtEdition } from '../support/reliability/edition.js';
import { configuration, killedCommand } from '../support/reliability/scenarios.js';
import { Workshop } from '../support/reliability/workshop.js';
it('try', async () => {
  const emulator = await Emulator.start({ buckets: ['uploads'] });
  const w = await Workshop.open(builtEdition(), emulator.env);
  const of = { scenario: 'create_before_destroy', route: 'file', exclusive: false } as const;
  await w.configure(configuration(of, 'uploads', 'before'));
  await w.terraform.succeeds('apply', '-auto-approve');
  const snap = await w.snapshot();
  process.stdout.write(JSON.stringify(snap, null, 1));
  const out = await w.terraform.run(...killedCommand(of));
  process.stdout.write(out.stdout + out.stderr);
  process.stdout.write(JSON.stringify(await w.snapshot(), null, 1));
  await w.close(); await emulator.close();
});
