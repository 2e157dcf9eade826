import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Programs, type Run } from '../../unit/destinations/command/programs.js';
import { type Outcome, succeeds } from '../command.js';

const STAND_IN = JSON.stringify(pathToFileURL(join(__dirname, 'stand-in.mjs')).href);

/** Stand-ins for the tools of the places to which the programs of examples/command bring a pair. */
export class StoreTools {
  readonly programs = new Programs();

  constructor() {
    for (const tool of ['op', 'doppler', 'gh', 'glab', 'kubectl']) {
      this.programs.recorder(tool, `import(${STAND_IN}).then(({ act }) => { act(name, run, __dirname); });`);
    }
  }

  /** A PATH on which the stand-ins come first. */
  get path(): string {
    return `${this.programs.folder}${delimiter}${process.env.PATH ?? ''}`;
  }

  /** How the tool was run, without its own name. */
  commands(tool: string): readonly string[][] {
    return this.runs(tool).map(({ argv }) => argv.slice(1));
  }

  runs(tool: string): readonly Run[] {
    return this.programs.runs(tool);
  }

  /** What the tool keeps now, by place. */
  kept(tool: string): Readonly<Record<string, unknown>> {
    const path = join(this.programs.folder, `${tool}.json`);
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>) : {};
  }

  /** What somebody else keeps there, by place. */
  put(tool: string, content: Readonly<Record<string, unknown>>): void {
    this.programs.file(`${tool}.json`, JSON.stringify(content), 0o644);
  }

  /** Runs a tool as its user; what it printed. */
  async run(tool: string, ...args: string[]): Promise<string> {
    const options = { cwd: this.programs.folder };
    const { stdout }: Outcome = await succeeds(join(this.programs.folder, tool), args, options);
    return stdout;
  }

  remove(): void {
    this.programs.remove();
  }
}
