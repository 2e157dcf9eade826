import { createLog, logThreshold, safely } from '../../../src/plugin/log.js';

function capture(redact = (text: string) => text) {
  const lines: string[] = [];
  const log = createLog('debug', safely(redact), { tf_rpc: 'ReadResource' }, (line) => lines.push(line));
  return { log, lines };
}

describe('a log line', () => {
  test('is one JSON object in the notation of hclog', () => {
    const { log, lines } = capture();
    log.warn('two\nlines', { count: 2n, error: new Error('why'), '@level': 'forged' });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^[^\n]*\n$/);
    const line = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
    expect(line).toMatchObject({
      '@level': 'warn',
      '@message': 'two\nlines',
      '@module': 'provider',
      tf_rpc: 'ReadResource',
      count: '2',
      error: 'why',
    });
    expect(line['@timestamp']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  });

  test('passes the redaction as a whole', () => {
    const { log, lines } = capture((text) => text.replaceAll('hush', '***'));
    log.error('hush', { hush: 'hush' });
    expect(lines.join('')).not.toContain('hush');
  });

  test('stays one line whatever the redaction does', () => {
    const { log, lines } = capture(() => 'panic:\nx');
    log.error('x');
    expect(lines).toEqual(['panic: x\n']);
  });

  test('is withheld when the redaction fails', () => {
    const { log, lines } = capture(() => {
      throw new Error('hush');
    });
    log.error('hush');
    expect(lines.join('')).toMatch(/withheld/);
    expect(lines.join('')).not.toContain('hush');
  });

  test('is written without fields that JSON cannot hold', () => {
    const { log, lines } = capture();
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    log.info('still here', cycle);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ '@message': 'still here' });
  });

  test('below the threshold is not written', () => {
    const { log, lines } = capture();
    log.trace('no');
    log.debug('yes');
    expect(lines).toHaveLength(1);
  });
});

test.each<[Record<string, string>, string | undefined]>([
  [{}, undefined],
  [{ TF_LOG: 'OFF' }, undefined],
  [{ TF_LOG: 'warn' }, 'warn'],
  [{ TF_LOG: 'JSON' }, 'trace'],
  [{ TF_LOG: 'TRACE', TF_LOG_PROVIDER: 'ERROR' }, 'error'],
  [{ TF_LOG: 'INFO', TF_LOG_PROVIDER: '' }, 'info'],
])('with %j the log begins at %s', (environment, threshold) => {
  expect(logThreshold(environment)).toBe(threshold);
});
