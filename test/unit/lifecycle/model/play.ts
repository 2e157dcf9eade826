import type { Plot } from './happenings.js';
import { History } from './history.js';
import { Judge } from './judge.js';
import { playRow } from './row.js';
import type { Sabotage } from './session.js';
import type { Scenario } from './scenario.js';
import { Terraform } from './terraform.js';
import type { Ending, Wish } from './terraform.js';

const MINUTE = 60_000;
const HOURS = 7 * 60 * MINUTE;
/** Longer than any overlap. */
const OVERLAP = 25 * 60 * MINUTE;
const MONTH = 31 * 24 * 60 * MINUTE;
const VERIFY_SECONDS = 10;
const MOST_RUNS = 9;
const HURRIED_RUNS = 3;
/** After a crash, with nothing in the way. */
const RUNS_TO_CONVERGE = 2;

export const unharmed: Sabotage = {};

/** Plays one history from the first run until nothing changes any more, and judges it. */
export async function play(scenario: Scenario, plot: Plot, sabotage = unharmed): Promise<History> {
  if (scenario.row) return playRow(scenario, scenario.row, plot, sabotage);
  const history: History = new History(scenario, plot, async () => {
    await rival.run('apply');
  });
  const configuration = {
    bucket: history.bucket,
    keeper: 0,
    verifySeconds: VERIFY_SECONDS,
    createBeforeDestroy: scenario.action === 'replace-before-destroy',
  };
  const author = new Terraform(history, 'A', configuration, sabotage);
  const rival = new Terraform(history, 'B', { ...configuration, createBeforeDestroy: false }, sabotage);
  history.judge = new Judge(history, (stack) =>
    stack === 'A' ? author.held : stack === 'B' ? rival.held : [],
  );
  await setUp(history, author);

  history.begin();
  const wish = wishOf(scenario.action);
  const [first, then] = scenario.action.split(', then ');
  if ((first === 'rotate' || first === 'rotate-overlap') && !scenario.changed)
    author.configuration = { ...configuration, keeper: 1 };
  if (scenario.isEdited)
    author.configuration = { ...author.configuration, verifySeconds: VERIFY_SECONDS + 1 };
  let ending = await author.run(wish);
  judgeEnd(history, author, ending);
  const later = then ? wishOf(then) : isRemoval(wish) ? wish : 'apply';
  if (isRemoval(wish) && isSettled(author, wish)) history.abandon();
  if (scenario.action === 'move') author.configuration = { ...configuration, bucket: history.otherBucket };

  const { cloud } = history;
  let quietRuns = 0;
  let convergedAfter: number | null = isSettled(author, later) ? 0 : null;
  while (history.run < MOST_RUNS) {
    const isInOverlap = history.run > 1 && author.current?.previous;
    const isSoon = history.run <= (scenario.isHurried ? HURRIED_RUNS : 1) && scenario.pause === 'minute';
    history.pass(isInOverlap ? OVERLAP : isSoon ? MINUTE : HOURS);
    history.run += 1;
    if (later === 'apply') await followAdvice(history, author);
    ending = await author.run(later);
    judgeEnd(history, author, ending);
    if (isRemoval(later) && isSettled(author, later)) history.abandon();
    if (history.stirredRuns.has(history.run)) {
      quietRuns = 0;
      convergedAfter = null;
      continue;
    }
    quietRuns += 1;
    if (convergedAfter === null && isSettled(author, later)) convergedAfter = quietRuns;
    // Where nobody can tell that a run is dead, its hold ends by time alone.
    const isSeen = quietRuns >= (scenario.machine === 'same' ? 1 : 2);
    const isOver = !author.current?.previous || (scenario.stillUsed && quietRuns > 2);
    const isQuiet = !cloud.isAnythingInTheAir && cloud.unlisted(scenario.lag).length === 0;
    if (isSeen && isOver && ending === 'no changes' && isQuiet) break;
  }
  judgeConvergence(history, author, { ending, later, convergedAfter, rival });
  history.end();
  await tryToTakeOver(history, author, rival);
  history.judge.atTheEnd();
  return history;
}

/**
 * The author imports the key of a run whose state was lost, or writes a `moved` block, as the refusal says. A rival's key
 * is not the author's.
 */
async function followAdvice({ cloud, messages, run }: History, author: Terraform): Promise<void> {
  const said = messages.filter((message) => message.run === run - 1 && message.stack === 'A');
  if (author.isRenamed && said.some(({ text }) => text.includes('moved {'))) author.move();
  if (author.current || author.deposed.length > 0 || author.isRenamed) return;
  const [, id] = said.map(({ text }) => IMPORT.exec(text)).find((found) => found) ?? [];
  const key = cloud.find(id);
  if (id !== undefined && key?.alive && key.maker === 'A') await author.import(id);
}

const IMPORT = /terraform import ADDRESS [^,]+,(\w+)/;

function wishOf(action: string): Wish {
  if (action === 'replace' || action === 'replace-before-destroy') return 'replace';
  return action === 'destroy' || action === 'destroy-unrefreshed' || action === 'remove' ? action : 'apply';
}

function isRemoval(wish: Wish): boolean {
  return wish === 'remove' || wish.startsWith('destroy');
}

async function setUp(history: History, author: Terraform): Promise<void> {
  const { action, strangers, s3, foreign, changed, isInactive } = history.scenario;
  const { cloud, store, bucket } = history;
  if (action === 'import' || action === 'take-over') {
    const key = cloud.make(bucket, 'A');
    if (key && action === 'take-over') store.current = { id: key.id, secret: key.secret };
    // It is no new one, which a list may not show yet.
    history.pass(HOURS);
    if (key) await author.import(key.id);
    history.pass(HOURS);
  } else if (action !== 'create' && action !== 'move') {
    if (action === 'hook-again') history.broken.add('hook.created');
    const ending = await author.run('apply');
    if (ending !== 'applied' && s3 !== 'never') history.wrong(`the setup ${ending}`);
    history.pass(action === 'rotate-due' ? MONTH : HOURS);
    if (action === 'retire' || action === 'leftovers') {
      if (action === 'leftovers') history.broken.add('keys.delete');
      author.configuration = { ...author.configuration, keeper: 1 };
      await author.run('apply');
      history.pass(OVERLAP);
    }
    if (action === 'taint') author.taint();
    if (action.startsWith('rename')) author.rename();
    history.broken.clear();
    history.run += 1;
  }
  if (foreign ?? changed) store.current = { id: null, secret: 'somebody else’s' };
  for (let number = 0; number < strangers; number++) cloud.make(bucket, 'stranger');
  if (isInactive) for (const key of cloud.keys) if (key.maker === 'A') key.status = 'Inactive';
  if (history.run === 0) history.run = 1;
}

function isSettled({ current, deposed, isRenamed, configuration }: Terraform, wish: Wish): boolean {
  if (isRenamed) return false;
  if (isRemoval(wish)) return current === null && deposed.length === 0;
  const { bucket, keeper } = configuration;
  return (
    current !== null &&
    !current.tainted &&
    current.delivered &&
    current.bucket === bucket &&
    current.keeper === String(keeper) &&
    current.id !== null &&
    deposed.length === 0 &&
    current.leftovers.length === 0
  );
}

/** Green is a pair that works: an imported key whose secret is nowhere is no end, and whatever takes its slot is named. */
function judgeEnd(history: History, { current, configuration }: Terraform, ending: Ending): void {
  if (!current?.id) return;
  const { cloud, messages, run, scenario, stirredRuns } = history;
  if (ending === 'applied' || ending === 'no changes') {
    if (scenario.action === 'import' && !current.delivered)
      history.wrong('a run ended well although the imported key has no pair');
    history.judge.endsWell(configuration.bucket, current.id);
    return;
  }
  if (scenario.action !== 'import' || current.delivered || stirredRuns.has(run)) return;
  const inTheWay = cloud.alive(configuration.bucket).filter(({ maker }) => maker === 'stranger');
  const said = messages.filter((message) => message.run === run && message.phase === 'apply');
  if (!inTheWay.every(({ id }) => said.some(({ text }) => text.includes(id))))
    history.wrong('the apply of an imported key without a slot does not name the key that takes it');
}

function judgeConvergence(
  history: History,
  author: Terraform,
  at: { ending: Ending; later: Wish; convergedAfter: number | null; rival: Terraform },
): void {
  const { cloud, scenario, store } = history;
  if (scenario.s3 === 'never' || scenario.unwritable || scenario.foreign) return;
  if (!isSettled(author, at.later)) {
    const last = history.messages.filter((said) => said.run === history.run).map((said) => said.text);
    if (at.rival.current !== null) return;
    // After another bucket's name the old bucket's key may be some state's: it is named, and left to the user.
    const stranded = scenario.action === 'move' && cloud.find(store.current?.id);
    if (stranded && last.some((text) => text.includes('delete the key, then apply again'))) return;
    // A pair that its author has put there by hand is nobody's to replace, once its key is of no use before it was taken over.
    const inPlace = cloud.find(store.current?.id);
    const isOfUse = inPlace?.alive && inPlace.status === 'Active' && inPlace.secret === store.current?.secret;
    const byHand = /holds something that this provider did not write|was not taken over/;
    if (scenario.action === 'take-over' && !isOfUse && last.some((text) => byHand.test(text))) return;
    // As long as the previous key is in use, neither of the two keys can give way to a third.
    const { current } = author;
    const isBetweenTwo = scenario.stillUsed === true && history.befell('altered');
    if (isBetweenTwo && last.some((text) => text.includes(current?.previous ?? 'no key'))) return;
    const { bucket } = author.configuration;
    const inTheWay = cloud.alive(bucket).filter((key) => !author.held.includes(key.id));
    const named = inTheWay.every((key) => last.some((text) => text.includes(key.id)));
    if (cloud.alive(bucket).length < 2 || inTheWay.length === 0 || !named)
      history.wrong('it does not converge');
    return;
  }
  if (author.current?.previous && !scenario.stillUsed) history.wrong('the previous key was never retired');
  const mayHaveToWait = scenario.machine !== 'same' && scenario.pause === 'minute';
  const mayHaveToImport = scenario.machine !== 'same' || scenario.movesFolder;
  // A key that is to go is looked for until a list shows it, or could have.
  const isDoubtful = scenario.lag > MINUTE || history.befell('ours-goes');
  const waitsForList = scenario.isHurried === true && isDoubtful;
  const reasons = [mayHaveToWait, mayHaveToImport, waitsForList].filter(Boolean);
  const limit = RUNS_TO_CONVERGE + reasons.length;
  if (at.convergedAfter === null || at.convergedAfter > limit) history.wrong('it converges too late');
  const mayBeTaken = at.rival.current !== null && author.configuration.createBeforeDestroy;
  if (mayBeTaken) return;
  if (at.later === 'apply' && scenario.route !== 'output' && store.current?.id !== author.current?.id) {
    history.wrong('the state holds a key whose pair is not at the destination');
  }
}

/** A second stack with the same destination comes last: it must not get what the first one's state holds. */
async function tryToTakeOver(history: History, author: Terraform, rival: Terraform): Promise<void> {
  const before = author.current?.id;
  if (history.scenario.route === 'output' || !before || rival.current) return;
  // The pair of a key that is gone is of no use to anybody.
  if (!history.cloud.find(before)?.alive) return;
  if (isTaken(history, before) || history.isReplaceable()) return;
  history.run += 1;
  await rival.run('apply');
  if (rival.held.includes(before) || isTaken(history, before)) {
    history.wrong('a second stack took the key or its place');
  }
}

function isTaken({ store }: History, accessKeyId: string): boolean {
  return store.current?.id !== accessKeyId;
}
