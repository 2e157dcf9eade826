import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment';
import type { Circus } from '@jest/types';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { sep } from 'node:path';
import { TestEnvironment } from 'jest-environment-node';

/** `Testing` of CDKTF makes these and does not say where: they may stay until the file's end. */
const OF_CDKTF = 'cdktf.outdir.';

/** Gives each test file a temporary folder of its own, and fails the file when it leaves anything there. */
export default class OwnTemporaryFolder extends TestEnvironment {
  readonly #outer: string;
  readonly #folder: string;
  #hasFailed = false;

  constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
    const outer = tmpdir();
    const folder = mkdtempSync(outer + sep);
    // Before the sandbox takes its copy of the environment. `tmpdir`, and every process that a test starts, read this.
    process.env.TMPDIR = folder;
    super(config, context);
    this.#outer = outer;
    this.#folder = folder;
  }

  /** A test that failed may have left something, and what it says must not give way to that. */
  handleTestEvent(event: Circus.AsyncEvent): void {
    if (event.name === 'test_done' && event.test.errors.length > 0) this.#hasFailed = true;
  }

  override async teardown(): Promise<void> {
    await super.teardown();
    process.env.TMPDIR = this.#outer;
    const left = readdirSync(this.#folder).filter((name) => !name.startsWith(OF_CDKTF));
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 10 });
    if (left.length > 0 && !this.#hasFailed)
      throw new Error(`Left behind in the temporary folder: ${left.join(', ')}`);
  }
}
