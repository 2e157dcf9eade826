import type { Cause } from '../../../../src/lifecycle/cause.js';
import type { KeyContext } from '../../../../src/lifecycle/ports.js';
import type { ObjectValue } from '../../../../src/plugin/index.js';
import { Session } from '../../../../src/provider/session.js';
import { Redactor } from '../../../../src/secret/redactor.js';
import type { History } from './history.js';
import type { Process } from './process.js';

/** Takes a guard away from everything that a process of the provider works with. */
export interface Sabotage {
  readonly world?: (world: KeyContext, history: History) => KeyContext;
  readonly session?: (session: ModelSession) => void;
  /** Why a key has to be replaced: see rules.ts. */
  readonly cause?: (cause: Cause | null) => Cause | null;
  /** What the provider takes the author to have said. */
  readonly config?: (config: ObjectValue) => ObjectValue;
}

/** What it is told would only cost time: the model looks at every message itself. */
class Idle extends Redactor {
  override learn(): void {
    // Nothing is redacted.
  }
}

const redactor = new Idle();

/** The shipped session, in the model's world. */
export class ModelSession extends Session {
  constructor(
    private readonly process: Process,
    private readonly sabotage: Sabotage,
  ) {
    super(process, redactor, false);
    for (const id of process.neighbours) this.keeps(id, `place of ${id}`);
    sabotage.session?.(this);
  }

  override async keyContext(...call: Parameters<Session['keyContext']>): Promise<KeyContext> {
    const world = await super.keyContext(...call);
    this.process.known = world.known;
    const whole = { ...world, hooks: this.process.hooksFor(world.hooks) };
    return this.sabotage.world?.(whole, this.process.history) ?? whole;
  }
}
