import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Emulator, EmulatorKey } from '../../../src/emulator/index.js';
import { unwrap } from '../stack.js';
import type { Edition } from './edition.js';
import { isAccepted } from './findings.js';
import { inStep } from './in-step.js';
import { Workshop } from './workshop.js';

/** The lists that one apply takes until it has its baseline: the plan, the plan again in apply, and apply itself. */
export const LISTS_UNTIL_BASELINE = 3;

export interface RaceOrder {
  readonly bucket: string;
  readonly exclusive: boolean;
  /** Whether the emulator lets all runs go for the journal at once. */
  readonly together: boolean;
  /** Every run's own file instead of one for all. */
  readonly ownFiles?: boolean;
  readonly stranger?: EmulatorKey;
}

export interface RaceResult {
  readonly order: RaceOrder;
  readonly runs: number;
  readonly winners: number;
  /** Losers that name the process which holds the destination, or the key of its owner. */
  readonly naming: number;
  /** What the others said, which name neither. */
  readonly mute: readonly string[];
  readonly mostKeys: number;
  readonly creations: number;
  /** Living keys that are neither the winner's nor the stranger's. */
  readonly leaked: number;
  readonly strangersDeleted: number;
  /** Whether the winner's file holds its pair, its state the key, and S3 accepts it. */
  readonly delivered: boolean;
  /** Whether the winner's next plan changes nothing. */
  readonly settled: boolean;
  readonly filesLeft: readonly string[];
}

/** Many working folders with a state of their own, which apply the same configuration at the same time. */
export class RaceTrack {
  private constructor(
    private readonly emulator: Emulator,
    private readonly home: Workshop,
    private readonly workshops: readonly Workshop[],
  ) {}

  static async open(emulator: Emulator, edition: Edition, runs: number): Promise<RaceTrack> {
    const home = await Workshop.open(edition, emulator.env);
    const names = Array.from({ length: runs }, (_, index) => `run-${index}`);
    return new RaceTrack(emulator, home, await Promise.all(names.map((name) => home.twin(name))));
  }

  async run(order: RaceOrder): Promise<RaceResult> {
    const { emulator, workshops } = this;
    await this.home.clear();
    for (const workshop of workshops) {
      await workshop.clear();
      await workshop.configure(
        configuration(order, join((order.ownFiles ? workshop : this.home).out, 'shared.json')),
      );
    }
    let mostKeys = 0;
    const hooks = [
      emulator.onCall(() => {
        mostKeys = Math.max(mostKeys, emulator.keys(order.bucket).length);
      }),
    ];
    if (order.together)
      hooks.push(emulator.onCall(inStep(order.bucket, workshops.length, LISTS_UNTIL_BASELINE)));
    const outcomes = await Promise.all(
      workshops.map(async ({ terraform }) =>
        terraform.run('apply', '-auto-approve', '-no-color', '-lock=false'),
      ),
    );
    for (const stop of hooks) stop();

    const winners = workshops.filter((_, index) => outcomes[index]?.code === 0);
    const losers = outcomes
      .filter(({ code }) => code !== 0)
      .map(({ stdout, stderr }) => unwrap(stdout + stderr));
    const mute = losers.filter((said) => !namesSomebody(said, emulator, order));
    const [winner] = winners;
    const key = winner && (await winnersKey(winner, emulator, order));
    const strangers = order.stranger ? [order.stranger.accessKeyId] : [];
    const living = emulator.keys(order.bucket).map(({ accessKeyId }) => accessKeyId);
    const files = await Promise.all(
      [this.home, ...(order.ownFiles ? workshops : [])].map((at) => at.outputs()),
    );
    return {
      order,
      runs: workshops.length,
      winners: winners.length,
      naming: losers.length - mute.length,
      mute,
      mostKeys,
      creations: emulator.log.filter(
        ({ bucket, operation, effect }) =>
          bucket === order.bucket && operation === 'CreateBucketAccessKey' && effect,
      ).length,
      leaked: living.filter((id) => id !== key?.accessKeyId && !strangers.includes(id)).length,
      strangersDeleted: strangers.filter((id) => !living.includes(id)).length,
      delivered: key !== undefined && (await isAccepted(emulator, order.bucket, key)),
      settled:
        winner !== undefined && (await winner.terraform.plan('-detailed-exitcode', '-lock=false')).code === 0,
      filesLeft: files.flat().filter((name) => name !== 'shared.json' && !/journal-\d+$/.test(name)),
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.workshops.map((workshop) => workshop.close()));
    await this.home.close();
  }
}

/** What of the promises one race has broken. */
export function raceViolations(result: RaceResult): string[] {
  const broken: string[] = [];
  const check = (holds: boolean, what: string) => {
    if (!holds) broken.push(what);
  };
  check(result.winners === 1, `${result.winners} runs succeeded`);
  check(
    result.mute.length === 0,
    `${result.mute.length} losers name nobody: ${result.mute[0]?.replace(/^.*?Error:/, '') ?? ''}`,
  );
  // Only who holds the journal may make a key, even one that is withdrawn again.
  check(result.creations === 1, `${result.creations} keys made`);
  check(result.mostKeys <= 2, `${result.mostKeys} keys at a time`);
  check(result.leaked === 0, `${result.leaked} keys leaked`);
  check(result.strangersDeleted === 0, "the stranger's key was deleted");
  check(result.delivered, "the file does not hold the winner's pair, or S3 refuses it");
  check(result.settled, "the winner's next plan is not empty");
  check(result.filesLeft.length === 0, `files left: ${result.filesLeft.join(', ')}`);
  return broken;
}

function configuration({ bucket, exclusive }: RaceOrder, file: string): string {
  return `resource "lightsail_bucket_access_key" "key" {
  bucket_name = "${bucket}"
  secret {
    file { path = ${JSON.stringify(file)} }
  }
  exclusive   = ${exclusive}
}`;
}

/** A process with its host, or the ID of a key that is or was on the bucket. */
function namesSomebody(said: string, emulator: Emulator, { bucket }: RaceOrder): boolean {
  const made = emulator.log.filter((call) => call.bucket === bucket).map((call) => call.accessKeyId ?? '');
  const ids = [...made, ...emulator.keys(bucket).map((key) => key.accessKeyId)];
  return /process \d+ on \S+/.test(said) || ids.some((id) => id !== '' && said.includes(id));
}

/** The key of the winner's state, if its pair is in the file. */
async function winnersKey(
  winner: Workshop,
  emulator: Emulator,
  { bucket }: RaceOrder,
): Promise<EmulatorKey | undefined> {
  const resource = await winner.terraform.resource('lightsail_bucket_access_key.key');
  const path = resource?.values.secret_reference;
  if (typeof path !== 'string') return undefined;
  const pair = JSON.parse(await readFile(path, 'utf8').catch(() => '{}')) as Partial<EmulatorKey>;
  return emulator
    .keys(bucket)
    .find(
      (key) =>
        key.accessKeyId === resource?.values.access_key_id &&
        key.accessKeyId === pair.accessKeyId &&
        key.secretAccessKey === pair.secretAccessKey,
    );
}
