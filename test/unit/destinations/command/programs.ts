import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** One run of a stand-in: what a program of the author's would have seen. */
export interface Run {
  readonly argv: readonly string[];
  readonly stdin: string;
  readonly env: Readonly<Record<string, string>>;
}

const RECORDER = `#!${process.execPath}
const { appendFileSync, readFileSync } = require('node:fs');
const run = { argv: process.argv.slice(1), stdin: readFileSync(0, 'utf8'), env: process.env };
const name = require('node:path').basename(process.argv[1]);
appendFileSync(__dirname + '/' + name + '.runs', JSON.stringify(run) + '\\n');
`;

/** A folder of stand-ins for programs; each writes down how it was run. */
export class Programs {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'programs-')));

  /** A program that writes down its run, and then does what `body` (JavaScript, with `run`) says; its path. */
  recorder(name: string, body = ''): string {
    return this.file(name, RECORDER + body);
  }

  file(name: string, text: string, mode = 0o755): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  }

  runs(name: string): readonly Run[] {
    const path = join(this.folder, `${name}.runs`);
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line) as Run);
  }

  /** For a script: a process that SIGTERM does not end, beside it, as long as the folder is there. */
  survivor(): string {
    const { folder } = this;
    return `(trap '' TERM; while [ -d '${folder}' ]; do [ -e '${folder}/asked' ] && touch '${folder}/alive'; sleep 0.05; done) &`;
  }

  /** Whether it is there still: then it answers, which takes it a twentieth of a second. */
  async survives(): Promise<boolean> {
    writeFileSync(join(this.folder, 'asked'), '');
    await setTimeout(1000);
    return existsSync(join(this.folder, 'alive'));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, maxRetries: 10 });
  }
}
