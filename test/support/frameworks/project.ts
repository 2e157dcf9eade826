import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { type Outcome, run } from '../command.js';
import { repository } from '../provider-build.js';
import { terraformBinary } from '../tools.js';

export interface CommandUnderTest {
  /** The framework's package, and its command. */
  readonly framework: 'cdktf' | 'cdktn';
  /** From which its users import the constructs. */
  readonly entry: string;
  /** The program, in the folder where it is installed. */
  readonly command: string;
  /** The Node that runs it; by default that of the tests. */
  readonly node?: string;
  /** Puts its AWS provider into a project. */
  readonly placeAwsProvider: (project: string) => void;
}

/** A project of a user's, in which the real command of a framework runs. */
export class Project {
  private constructor(
    readonly folder: string,
    private readonly tested: CommandUnderTest,
  ) {}

  /** With an empty output folder. */
  static make(tested: CommandUnderTest, app: string): Project {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lightsail-access-key-cli-')));
    mkdirSync(join(folder, 'node_modules'));
    for (const name of [tested.framework, 'constructs']) {
      symlinkSync(join(repository, 'node_modules', name), join(folder, 'node_modules', name));
    }
    tested.placeAwsProvider(folder);
    symlinkSync(repository, join(folder, 'node_modules/cdktf-lightsail-access-key'));
    const settings = {
      language: 'typescript',
      app: 'node main.js',
      projectId: 'test',
      sendCrashReports: 'false',
    };
    writeFileSync(join(folder, 'cdktf.json'), JSON.stringify(settings));
    const project = new Project(folder, tested);
    project.write(app);
    return project;
  }

  /** The app from now on. */
  write(app: string): void {
    writeFileSync(join(this.folder, 'main.js'), app);
  }

  stack(name: string): string {
    return join(this.folder, 'cdktf.out/stacks', name);
  }

  /** The real command, in the environment in which the tests run Terraform. */
  command(env: Readonly<Record<string, string>> | undefined, ...args: string[]): Promise<Outcome> {
    const { node = process.execPath, command } = this.tested;
    return run(node, [command, ...args], {
      cwd: this.folder,
      env: {
        ...env,
        // The package is a link, and looks for what it may need beside its real place: an installed one finds it here.
        NODE_PATH: join(this.folder, 'node_modules'),
        TERRAFORM_BINARY_NAME: terraformBinary(),
        CI: 'true',
        PATH: `${dirname(node)}${delimiter}${env?.PATH ?? process.env.PATH ?? ''}`,
      },
    });
  }

  /** The same, which has to work: throws with all that was said. */
  async succeeds(env: Readonly<Record<string, string>> | undefined, ...args: string[]): Promise<void> {
    const { code, stdout, stderr } = await this.command(env, ...args);
    if (code !== 0)
      throw new Error(`${args.join(' ')} has ended with ${code ?? 'a signal'}:\n${stdout}${stderr}`);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, maxRetries: 10 });
  }
}
