/** What the stand-in does to calls instead of, or after, answering them. */
export type Fault =
  /** An error of the service, such as AccessDeniedException. */
  | { readonly kind: 'refuse'; readonly error: string; readonly message?: string }
  /** The connection breaks, before or after the call took effect. */
  | { readonly kind: 'drop'; readonly when: 'before' | 'after' }
  /** Not what is, but for instance what was a moment ago. */
  | { readonly kind: 'answer'; readonly body: Readonly<Record<string, unknown>> }
  /** Something happens just before the call takes effect. */
  | { readonly kind: 'meanwhile'; readonly happens: () => Promise<unknown> };

interface Planned {
  readonly action: string;
  readonly fault: Fault;
  times: number;
}

export class Faults {
  #planned: Planned[] = [];

  /** For the next calls of an action; without a number, for all of them. */
  plan(action: string, fault: Fault, times = Infinity): void {
    this.#planned.push({ action, fault, times });
  }

  clear(): void {
    this.#planned = [];
  }

  next(action: string): Fault | null {
    const planned = this.#planned.find((each) => each.action === action && each.times > 0);
    if (!planned) return null;
    planned.times -= 1;
    return planned.fault;
  }
}
