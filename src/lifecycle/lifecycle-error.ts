import type { AccessKey } from './access-key.js';
import { render, sentences } from './message.js';
import type { Message, Remedy } from './message.js';

/** Which part of the configuration an error is about. */
export type Subject = 'bucket' | 'destination' | 'key' | 'hook';

export interface Details {
  readonly subject?: Subject;
  readonly remains?: AccessKey | null;
}

/** A step of the lifecycle could not be done. */
export class LifecycleError extends Error {
  /** What the user reads. */
  readonly said: Message;
  readonly subject: Subject;
  /** A key of this run that is still alive: it must be saved, so that it is not lost. */
  readonly remains: AccessKey | null;

  constructor(said: Message, about: Details = {}) {
    const { summary, detail } = render(said);
    super(`${summary}: ${detail}`);
    this.said = said;
    this.subject = about.subject ?? 'key';
    this.remains = about.remains ?? null;
  }

  get summary(): string {
    return render(this.said).summary;
  }

  get detail(): string {
    return render(this.said).detail;
  }
}

/** What went wrong outside of the lifecycle, with what its user can do about it. */
export class ErrorWithRemedy extends Error {
  constructor(
    message: string,
    readonly remedy: string,
    /** Each as it is typed. */
    readonly commands: readonly string[] = [],
  ) {
    super(message);
  }
}

/** What the user can do about a failure that came of it; null where the cause does not say. */
export function remedyFor(cause: unknown): Remedy | null {
  if (!(cause instanceof ErrorWithRemedy)) return null;
  const { remedy: text, commands } = cause;
  return { text, ...(commands.length > 0 && { commands }) };
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The same, and what to do after that. */
export function remedyBefore(cause: unknown, then: string): Remedy {
  const { text, commands } = remedyFor(cause) ?? { text: '' };
  // Commands come last, behind the words that lead to them.
  return commands ? { text: sentences(then, text), commands } : { text: sentences(text, then) };
}
