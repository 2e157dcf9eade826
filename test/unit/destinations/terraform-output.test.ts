import { TerraformOutputDestination } from '../../../src/destinations/terraform-output/store.js';
import { newPair } from './contract.js';

describe('The state as a destination', () => {
  it('hands the secret over when the pair is promoted, and gives it back as often as asked', async () => {
    const destination = new TerraformOutputDestination(null);
    const pair = newPair();
    await destination.check();
    await destination.stage(pair);
    const delivery = { reference: null, secret: pair.secretAccessKey };
    expect(await destination.promote(pair.accessKeyId)).toEqual(delivery);
    expect((await destination.promote(pair.accessKeyId)).secret?.reveal()).toBe(
      pair.secretAccessKey.reveal(),
    );
  });

  it('differs from the others: nothing outlives the object, so there is no journal and nothing pending', async () => {
    const pair = newPair();
    const destination = new TerraformOutputDestination(null);
    await destination.stage(pair);
    expect(destination.journal).toBeNull();
    const next = new TerraformOutputDestination(null);
    expect(await next.read()).toEqual({ current: null });
    expect(await next.staged(pair.accessKeyId)).toBeNull();
    await expect(next.promote(pair.accessKeyId)).rejects.toThrow('was not staged');
  });

  it('forgets a pair that is discarded', async () => {
    const pair = newPair();
    const destination = new TerraformOutputDestination('AKIACURRENT000000000');
    await destination.stage(pair);
    await destination.discard(pair.accessKeyId);
    expect(await destination.staged(pair.accessKeyId)).toBeNull();
    expect((await destination.read()).current).toEqual({ accessKeyId: 'AKIACURRENT000000000' });
  });
});
