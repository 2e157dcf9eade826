import type { Outcome } from '../terraform.js';
import { type Calls, isOfAws, type OddPoint, type Side } from './odd-answers.js';
import { type Case, killedCommand } from './scenarios.js';
import { type Scene, setUp } from './struck-run.js';

/** The calls of one whole run that meets no odd answer. */
export async function oddCalls(scene: Scene, of: Case): Promise<Calls> {
  const bucket = await setUp(scene, of);
  const calls: Record<Side, string[]> = { store: [], aws: [] };
  const stop = watch(scene, of, bucket, (side, operation) => calls[side].push(operation));
  const { code, stdout, stderr } = await scene.workshop.terraform.run(...killedCommand(of));
  stop();
  if (code !== 0) throw new Error(`${of.scenario} fails by itself: ${stdout}${stderr}`);
  return calls;
}

/** The run of which one call is answered oddly. */
export async function oddRun(scene: Scene, point: OddPoint, bucket: string): Promise<Outcome> {
  const { side, nth, oddity } = point;
  const met: string[] = [];
  const disarms = [arm(scene, point, bucket, side, nth)];
  const stop = watch(scene, point, bucket, (where, operation) => {
    if (where !== side || met.push(operation) !== nth) return;
    const other = side === 'aws' ? 'store' : 'aws';
    if (oddity.lasts && isOfAws(point)) disarms.push(arm(scene, point, bucket, other, 1));
  });
  const outcome = await scene.workshop.terraform.run(...killedCommand(point));
  stop();
  for (const disarm of disarms) disarm();
  const operation = met[nth - 1] ?? 'none';
  if (operation === point.operation) return outcome;
  throw new Error(`Call ${nth} is ${operation}, not ${point.operation}: ${outcome.stdout}${outcome.stderr}`);
}

function arm(scene: Scene, point: OddPoint, bucket: string, side: Side, nth: number): () => void {
  const { lasts, aws, store } = point.oddity;
  if (side === 'aws') {
    const fault = scene.emulator.faults.add({ ...aws, bucket, nth, times: lasts ? 'always' : 1 });
    return () => {
      fault.remove();
    };
  }
  const { lane } = scene.depot(point.route);
  lane?.planNth(nth - 1, store, lasts ? Infinity : 1);
  return () => lane?.clear();
}

/** Tells of each call of the stack in hand when it is received. */
function watch(
  { emulator, depot }: Scene,
  { route }: Case,
  bucket: string,
  tell: (side: Side, operation: string) => void,
): () => void {
  const stops = [
    emulator.onCall((moment, call) => {
      if (moment === 'received' && call.bucket === bucket) tell('aws', call.operation);
    }),
    depot(route).onCall((moment, { operation }) => {
      if (moment === 'received') tell('store', operation);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
