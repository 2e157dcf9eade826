import type { KeyPair } from '../../lifecycle/access-key.js';
import { DestinationError } from '../../lifecycle/destination.js';
import type { Delivery, Destination, Holding } from '../../lifecycle/destination.js';
import { failureOf, missingProgram, programEnvironment, runProgram } from '../../program/run-program.js';
import type { ProgramLimits } from '../../program/run-program.js';
import { Redactor, withoutSecretLike } from '../../secret/redactor.js';
import type { Secret } from '../../secret/secret.js';
import type { Store } from '../descriptor.js';
import type { Format } from '../format.js';
import type { CommandArguments } from './descriptor.js';
import { deleteMessage, referenceIn, writeMessage } from './messages.js';

export const open: Store<CommandArguments>['open'] = (given, { bucket, current, shared }) =>
  new CommandDestination(
    {
      write: given.write,
      delete: given.delete ?? null,
      format: given.format,
      bucket,
      current: current.key,
      reference: current.reference,
    },
    shared.part(Written),
  );

export interface CommandOptions {
  /** The program and its arguments: no shell reads them. */
  readonly write: readonly string[];
  /** Null: what was written stays when its key goes. */
  readonly delete: readonly string[] | null;
  readonly format: Format;
  readonly bucket: string;
  /** The key whose pair was written last, as the state has it. */
  readonly current: string | null;
  /** Where the program said that pair is. */
  readonly reference: string | null;
}

const LIMITS: ProgramLimits = { milliseconds: 60_000, graceMilliseconds: 5_000 };

/**
 * The author's own program, which gets the pair as JSON on its standard input. What lies at its place cannot be
 * asked, so there is no journal: recovery ends with the process, and the state says whose pair was written last.
 */
export class CommandDestination implements Destination {
  readonly title: string;
  readonly journal = null;
  readonly isMute = true;
  readonly #pending = new Map<string, KeyPair>();
  readonly #place: string;

  constructor(
    private readonly options: CommandOptions,
    /** One process of the provider serves all of a provider block's resources in one apply. */
    private readonly written: Written,
    private readonly limits = LIMITS,
  ) {
    this.title = `command ${options.write[0] ?? ''}`;
    this.#place = JSON.stringify([options.bucket, options.write]);
  }

  get reference(): string | null {
    const done = this.#done;
    return done ? done.reference : this.options.reference;
  }

  async check(): Promise<void> {
    for (const argv of [this.options.write, this.options.delete]) {
      const reason = argv && (await missingProgram(argv[0] ?? ''));
      if (reason) {
        throw new DestinationError(
          `The program "${argv[0] ?? ''}" ${reason}.`,
          'Install it on the machine that runs Terraform, or correct its name.',
        );
      }
    }
  }

  read(): Promise<Holding> {
    const accessKeyId = this.#done
      ? this.#done.removed
        ? null
        : this.#done.accessKeyId
      : this.options.current;
    return Promise.resolve({ current: accessKeyId === null ? null : { accessKeyId } });
  }

  stage(pair: KeyPair): Promise<void> {
    this.#pending.set(pair.accessKeyId, pair);
    return Promise.resolve();
  }

  staged(accessKeyId: string): Promise<Secret | null> {
    return Promise.resolve(this.#pending.get(accessKeyId)?.secretAccessKey ?? null);
  }

  async promote(accessKeyId: string): Promise<Delivery> {
    const done = this.#done;
    if (done?.accessKeyId === accessKeyId && !done.removed) {
      return { reference: done.reference, secret: null };
    }
    const pair = this.#pending.get(accessKeyId);
    if (!pair) throw new Error('The pair was not staged.');
    const { redact } = redactorFor(pair.secretAccessKey);
    // The program may say the secret of another key as well, such as the one that it has found in its store.
    const clean = (said: string) => withoutSecretLike(redact(said));
    const stdout = await this.#run(this.options.write, writeMessage(pair, this.options.format), clean);
    this.#pending.delete(accessKeyId);
    const said = referenceIn(stdout);
    // It goes into the state: a program that says a secret itself has said nothing.
    const reference = said !== null && clean(said) === said ? said : null;
    this.written.note(this.#place, { accessKeyId, reference, removed: false });
    return { reference, secret: null };
  }

  discard(accessKeyId: string): Promise<void> {
    this.#pending.delete(accessKeyId);
    return Promise.resolve();
  }

  async remove(accessKeyId: string): Promise<'removed' | 'absent' | 'not-ours'> {
    await this.discard(accessKeyId);
    const { current } = await this.read();
    if (!current) return 'absent';
    if (current.accessKeyId !== accessKeyId) return 'not-ours';
    const { delete: argv, bucket } = this.options;
    if (argv) await this.#run(argv, deleteMessage(bucket, accessKeyId), withoutSecretLike);
    this.written.note(this.#place, { accessKeyId, reference: null, removed: true });
    return argv ? 'removed' : 'absent';
  }

  get #done(): LastDone | undefined {
    return this.written.at(this.#place);
  }

  /** What the program printed on its standard output, when it ended well. */
  async #run(argv: readonly string[], input: string, redact: (text: string) => string): Promise<string> {
    const ending = await runProgram(argv, this.limits, { input, env: programEnvironment() });
    const refusal = refusalOf(argv, ending, { limits: this.limits, redact });
    if (refusal) throw refusal;
    return ending.stdout;
  }
}

/** Null for exit status 0. */
function refusalOf(...program: Parameters<typeof failureOf>): DestinationError | null {
  const failure = failureOf(...program);
  if (failure === null) return null;
  return new DestinationError(
    failure,
    'Fix the program or what it calls. Given the same JSON on standard input it must exit with status 0.',
  );
}

function redactorFor(secret: Secret): Redactor {
  const redactor = new Redactor();
  redactor.learn(secret);
  return redactor;
}

/** The last that this process did at one place. */
interface LastDone {
  readonly accessKeyId: string;
  readonly reference: string | null;
  readonly removed: boolean;
}

/**
 * What this process wrote and removed with the authors' programs. The place cannot be read, so under
 * `create_before_destroy` nothing else would keep the old key's destruction from removing the new pair.
 */
export class Written {
  readonly #last = new Map<string, LastDone>();

  at(place: string): LastDone | undefined {
    return this.#last.get(place);
  }

  note(place: string, done: LastDone): void {
    this.#last.set(place, done);
  }
}
