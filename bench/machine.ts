import { execFileSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';

/** What figures were measured with. */
export function describeMachine(terraform: string) {
  return {
    date: new Date().toISOString(),
    node: execFileSync('node', ['--version'], { encoding: 'utf8' }).trim(),
    terraform: execFileSync(terraform, ['version'], {
      encoding: 'utf8',
      env: { ...process.env, TF_CLI_CONFIG_FILE: '/dev/null' },
    })
      .split('\n', 1)
      .join(),
    system: `${process.platform} ${process.arch}`,
    processor: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    loadAtStart: loadavg()[0],
  };
}
