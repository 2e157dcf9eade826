import { Example } from '../../support/example.js';

test('terraform-output gives a secret that S3 accepts as a sensitive output, and keeps nothing of it', async () => {
  const example = await Example.open('terraform-output');
  try {
    expect(await example.apply()).toContain('secret-access-key = <sensitive>');
    const [accessKeyId, secretAccessKey] = [
      await example.output('access-key-id'),
      await example.output('secret-access-key'),
    ];
    expect(example.keyIds()).toEqual([accessKeyId]);
    await example.use({ accessKeyId, secretAccessKey });
    expect(await example.planAgain()).toMatchObject({
      code: 0,
      said: expect.not.stringContaining(secretAccessKey) as string,
    });
    expect(await example.destroy()).toEqual([]);
    expect(example.keyIds()).toEqual([]);
  } finally {
    await example.close();
  }
});
