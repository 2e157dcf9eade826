import type { Diagnostic, ObjectValue } from '../../../../src/plugin/index.js';
import { isListed } from './cloud.js';
import type { CloudKey, Maker } from './cloud.js';
import type { Gap } from './gaps.js';
import type { History } from './history.js';
import { hasOverlap } from './scenario.js';
import type { Content } from './store.js';

/** Actions that never leave consumers without a pair. */
const KEEPS_SERVING = /^(keep|rename|rotate|retire|leftovers|hook-again)(?!.*, then )/;
/** Nobody asks for another key than there is. */
const WITHOUT_WISH = /^(keep|retire|leftovers|hook-again|import|take-over|rotate-due)/;
/** What a removal does after it has looked for keys of dead runs that it is to delete. */
const END_OF_REMOVAL_MILLISECONDS = 2000;
const OVERLAP = 24 * 3_600_000;

/** One apply under way, with what its plan could know. */
interface Apply {
  readonly heldBefore: readonly string[];
  readonly keysBefore: number;
  readonly deleted: CloudKey[];
}

/** Holds the lifecycle to its invariants while a history runs. */
export class Judge {
  readonly #applies = new Map<Maker, Apply>();

  constructor(
    private readonly history: History,
    /** The IDs that a stack's state holds. */
    private readonly heldBy: (stack: Maker) => readonly string[],
  ) {}

  /** Answers what has to be called with the outcome. */
  beginApply(stack: Maker, mayLackRoom: boolean): (failed: boolean) => void {
    const { history } = this;
    const apply = {
      heldBefore: [...this.heldBy(stack)],
      keysBefore: history.cloud.keys.length,
      deleted: [],
    };
    this.#applies.set(stack, apply);
    return (failed) => {
      const { scenario } = history;
      if (history.stirredRuns.has(history.run) || history.broken.size > 0) return;
      this.#noSurprise(stack, apply);
      const lacksRoom =
        (mayLackRoom || history.neighbours.length > 0) && this.#saidInRun(history.run, /has no room/);
      // Of what a lost call has made, and no list shows, nobody can know that it takes a slot.
      const isUnseen = history.cloud
        .unlisted(scenario.lag)
        .some(({ id }) => !this.heldBy(stack).includes(id));
      if (isUnseen && this.#saidInRun(history.run, /the call was refused/)) return;
      // A key that was deleted before any list had shown it cannot be seen to be gone for five minutes.
      const wasCutOff = history.stirredRuns.has(history.run - 1);
      const mayBeInDoubt = scenario.lag > 0 || wasCutOff || history.befell('ours-goes');
      const isInDoubt = mayBeInDoubt && this.#saidInRun(history.run, /had never shown the key/);
      const isRefusedByS3 =
        history.befell('altered') && this.#saidInRun(history.run, /was (not taken over|deleted again)/);
      const isExcused = lacksRoom || isInDoubt || isRefusedByS3 || this.#isBlindRename;
      if (failed && history.scenario.s3 !== 'never' && !isExcused) {
        history.wrong('an apply failed although nothing had happened since its plan');
      }
    };
  }

  #noSurprise(stack: Maker, { heldBefore, keysBefore, deleted }: Apply): void {
    const { cloud, messages, run } = this.history;
    const announced = messages.filter((said) => said.run === run && said.phase === 'plan');
    const old = cloud.keys.slice(0, keysBefore).map((key) => key.id);
    const adopted = this.heldBy(stack).filter((id) => old.includes(id));
    for (const id of [...deleted.map((key) => key.id), ...adopted]) {
      if (heldBefore.includes(id) || !old.includes(id)) continue;
      if (!announced.some(({ text }) => text.includes(id))) {
        this.history.wrong(`an apply deleted or adopted ${id}, and its plan had not said so`);
      }
    }
  }

  /** `gap`: what no list has told this process. */
  makes(stack: Maker, gap: Gap | null): void {
    const { cloud, scenario } = this.history;
    const hasKey = this.heldBy(stack).some((id) => cloud.find(id)?.alive);
    if (gap === 'status' && hasKey && WITHOUT_WISH.test(scenario.action) && !scenario.row)
      this.history.wrong(
        'a key was made in the place of one whose status is not told, and nobody had asked for it',
      );
  }

  deletes(stack: Maker, key: CloudKey, gap: Gap | null): void {
    const { forewarned, told } = this.history;
    if (key.maker === 'stranger' || key.maker === 'neighbour') {
      this.history.wrong(`the key of a ${key.maker} was deleted`);
    }
    if (this.heldBy(stack === 'A' ? 'B' : 'A').includes(key.id) && !this.#isClaimedByBoth) {
      this.history.wrong(`the key of another stack's state was deleted`);
    }
    const { scenario, store } = this.history;
    const isHeld = this.heldBy(stack).includes(key.id);
    if (gap && !isHeld && !/destroy|remove/.test(scenario.action) && !scenario.row)
      this.history.wrong('a key of no state was deleted although no list tells all of it');
    const hasNoPair = scenario.route !== 'output' && !store.current;
    // Its own keys of runs that died it may delete at any time.
    const isImported = scenario.action === 'import' && isHeld && key.bornInRun === 0;
    if (isImported && key.status === 'Active' && hasNoPair)
      this.history.wrong('an imported key was deleted before its successor had a pair');
    if (hasOverlap(scenario) && stack === 'A') this.#mayGo(key);
    // Whoever uses its pair is told before it goes.
    if (told.has(key.id) && !forewarned.has(key.id)) {
      this.history.wrong('a key was deleted whose before_delete hook had not done its work');
    }
    this.#applies.get(stack)?.deleted.push(key);
  }

  /** Whoever has read this key's pair may use it for the overlap, and longer as long as it does. */
  #mayGo(key: CloudKey): void {
    const { cloud, scenario, store } = this.history;
    const successor = cloud.find(store.current?.id);
    if (key.status !== 'Active' || !store.promotedAt.has(key.id)) return;
    if (!successor || successor === key) return;
    if (cloud.now < successor.createdAt + OVERLAP) this.history.wrong('a key was retired during its overlap');
    if (scenario.stillUsed) this.history.wrong('a key was retired although it was in use');
  }

  /** No outage: from its first delivery on, the destination holds the pair of a living key. */
  serves(): void {
    const { cloud, scenario, store } = this.history;
    if (this.#isBlindRename) return;
    if (!KEEPS_SERVING.test(scenario.action) || scenario.route === 'output' || scenario.foreign) return;
    if (store.promotedAt.size === 0 || store.current?.id === null || this.history.befell('ours-goes')) return;
    // S3 refuses an Inactive key, so its consumers lose nothing with it.
    if (scenario.isInactive || this.history.befell('ours-inactive')) return;
    const key = cloud.find(store.current?.id);
    // Whoever has altered the pair has taken it from them.
    const isAltered = key !== undefined && store.current?.secret !== key.secret;
    if (!key?.alive && !isAltered) this.history.wrong('consumers find no living pair');
  }

  overwrites(stack: Maker, current: Content | null, id: string): void {
    if (!current || current.id === id) return;
    if (current.id === null && !this.history.store.kept.includes(current))
      this.history.wrong('content of somebody else was overwritten');
    const held = this.heldBy(stack === 'A' ? 'B' : 'A').includes(current.id ?? '');
    if (held && this.history.cloud.find(current.id)?.alive && !this.history.isReplaceable()) {
      this.history.wrong('the pair of another stack was overwritten');
    }
  }

  /** An apply has told Terraform that the pair of this key is at its destination. Answers the key. */
  delivers({ access_key_id: id, secret_access_key: secretInState }: ObjectValue): CloudKey | undefined {
    const { cloud, scenario, stores } = this.history;
    const key = cloud.find(typeof id === 'string' ? id : null);
    if (!key) return undefined;
    const isReadable =
      scenario.route === 'output'
        ? secretInState === key.secret
        : stores.some(({ current }) => current?.id === key.id && current.secret === key.secret);
    if (!isReadable && !this.#isUntried) this.history.wrong('success without the pair at its destination');
    return key;
  }

  /** The same of a key that is made by this apply. */
  succeeds(stack: Maker, state: ObjectValue, said: readonly Diagnostic[]): void {
    const { cloud, scenario } = this.history;
    const key = this.delivers(state);
    if (!key) return;
    const says = (what: string) => said.some(({ summary, detail }) => `${summary}: ${detail}`.includes(what));
    if (scenario.s3 === 'never') this.history.wrong('success although S3 has not accepted the key');
    if (!key.alive && !this.history.befell('ours-goes')) this.history.wrong('success with a deleted key');
    if (this.heldBy(stack === 'A' ? 'B' : 'A').includes(key.id) && !this.#isClaimedByBoth) {
      this.history.wrong(`a key was taken from another stack's state`);
    }
    // What the list does not show yet cannot be named.
    if (scenario.lag > 0) return;
    const landed = cloud
      .alive(key.bucket)
      .filter((other) => other.maker === stack && other.bornAtStep < this.history.lastPromotion);
    for (const other of landed) {
      if (
        other === key ||
        this.heldBy(stack).includes(other.id) ||
        this.#isNamedIn(other, this.history.run) ||
        says(other.id)
      ) {
        continue;
      }
      this.history.wrong('a run succeeded and did not name the key that one of its calls had made');
    }
  }

  /** Nothing is to be done any more, as Terraform says: then whoever reads the destination finds a pair that works. */
  endsWell(bucket: string, id: string): void {
    const { cloud, scenario, store, stirredRuns, run } = this.history;
    if (scenario.route === 'output' || stirredRuns.has(run) || this.#isUntried) return;
    const key = cloud.find(id);
    // One that was deleted before any list had shown it cannot be seen to be gone for minutes.
    if (this.history.befell('ours-goes') && !key?.alive) return;
    if (!key?.alive || key.bucket !== bucket) this.history.wrong('a run ended well without a living key');
    else if (store.current?.id !== id || store.current.secret !== key.secret)
      this.history.wrong('a run ended well without a working pair at the destination');
  }

  /** A pair that a person has put there, that no journal tells of, and that cannot be read back or tried. */
  get #isUntried(): boolean {
    const { action, route, s3 } = this.history.scenario;
    return action === 'take-over' && (route === 'sealed' || s3 === 'off');
  }

  /** Two stacks say that they alone make keys on this bucket: after a lease one of them takes the other's word for it. */
  get #isClaimedByBoth(): boolean {
    const { scenario } = this.history;
    return scenario.exclusive && (this.history.befell('overtaken') || scenario.endsSlowly === true);
  }

  /** That the new name is the old one's is told by the destination, which such a plan does not know. */
  get #isBlindRename(): boolean {
    const { action, unknown } = this.history.scenario;
    return action.startsWith('rename') && unknown === 'secret';
  }

  #saidInRun(run: number, what: RegExp): boolean {
    return this.history.messages.some((said) => said.run === run && what.test(said.text));
  }

  #isNamedIn(key: CloudKey, run: number): boolean {
    return this.history.messages.some((said) => said.run === run && said.text.includes(key.id));
  }

  /** No leak: every living key of ours is in a state, or was named as soon as somebody could see it. */
  atTheEnd(): void {
    const { cloud, scenario, stores } = this.history;
    for (const key of cloud.keys) {
      if (!key.alive || (key.maker !== 'A' && key.maker !== 'B')) continue;
      if (this.heldBy('A').includes(key.id) || this.heldBy('B').includes(key.id)) continue;
      if (!this.#wasNamed(key)) this.history.wrong('a key is leaked: nobody has named it');
      // Whether a run of another machine has died is not known within the minute.
      const isUndecided =
        scenario.machine === 'other' && scenario.pause === 'minute' && scenario.action.includes(', then ');
      const isDoubtful = this.history.befell('ours-goes') || this.history.befell('no-list');
      const proven =
        !isUndecided &&
        !this.#isAfterTheEnd(key) &&
        !this.#mayBeInAState(key) &&
        (stores.some(({ everStaged }) => everStaged.has(key.id)) ||
          (scenario.exclusive && !isDoubtful && !this.#isUnseen(key)));
      // The key of a bucket that the configuration has left may be some state's: it is named, never deleted.
      if (scenario.route !== 'output' && proven && scenario.action !== 'move') {
        this.history.wrong('a key that the journal proves ours was left behind');
      }
    }
  }

  /** No list has shown the key of a lost call before its resource was removed. */
  #isUnseen({ createdAt }: CloudKey): boolean {
    const { abandoned, scenario } = this.history;
    const isShownTooLate =
      abandoned !== null && createdAt + scenario.lag > abandoned.time - END_OF_REMOVAL_MILLISECONDS;
    return scenario.action.includes(', then ') && (scenario.lag > 3000 || isShownTooLate);
  }

  /** Its pair was promoted by a run of which nobody can tell from here whether it has saved its state. */
  #mayBeInAState(key: CloudKey): boolean {
    const { scenario, store } = this.history;
    const isElsewhere = scenario.machine !== 'same' || scenario.movesFolder;
    return isElsewhere === true && !scenario.exclusive && store.promotedAt.has(key.id);
  }

  /** It has come to life after its resource had gone. */
  #isAfterTheEnd(key: CloudKey): boolean {
    const { abandoned } = this.history;
    return abandoned !== null && key.bornAtStep >= abandoned.step;
  }

  /** In its own run, or in the next one that nothing disturbed. */
  #wasNamed(key: CloudKey): boolean {
    const { messages, stirredRuns, runs, scenario } = this.history;
    let deadline = key.bornInRun + 1;
    // Without a journal nobody can know of what no list has shown when the key is no longer wanted.
    if (scenario.route === 'output' && scenario.lag > 0 && scenario.action.includes(', then ')) return true;
    // What lands after the resource has gone was never written down there.
    if (scenario.route === 'output' && this.#isAfterTheEnd(key)) return true;
    const isTooEarly = (run: number) => !isListed(key, scenario.lag, runs.get(run) ?? Infinity);
    while (stirredRuns.has(deadline) || (runs.has(deadline) && isTooEarly(deadline))) deadline += 1;
    return (
      messages
        .slice(key.bornAfterMessage)
        .some(({ run, text }) => run <= deadline && text.includes(key.id) && !isClaimOfDeletion(text)) ||
      this.#isForetold(key)
    );
  }

  /** Once the bucket has changed, or the key is no longer wanted, nobody looks again: all that can be said is said before. */
  #isForetold(key: CloudKey): boolean {
    const { messages, scenario } = this.history;
    const text = /may still (appear|get an unmanaged key)|key may (still )?appear/;
    return (
      (scenario.action === 'move' || scenario.action.includes(', then ')) &&
      messages.some((said) => said.text.includes(key.bucket) && text.test(said.text))
    );
  }
}

export function isClaimOfDeletion(text: string): boolean {
  return text.includes('was deleted again');
}
