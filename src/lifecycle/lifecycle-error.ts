import type { AccessKey } from './access-key.js';
import { render } from './message.js';
import type { Message } from './message.js';

/** Which part of the configuration an error is about. */
export type Subject = 'bucket' | 'destination' | 'key' | 'hook';

interface Details {
  readonly subject?: Subject;
  readonly remains?: AccessKey | null;
}

/** A step of the lifecycle could not be done. The message is what the user reads. */
export class LifecycleError extends Error {
  /** One line: what happened, with the bucket and the key ID. */
  readonly summary: string;
  /** What it means for the key, and what to do. */
  readonly detail: string;
  readonly subject: Subject;
  /** A key of this run that is still alive: it must be saved, so that it is not lost. */
  readonly remains: AccessKey | null;

  constructor(message: Message, about?: Details);
  constructor(summary: string, detail: string, about?: Details);
  constructor(said: Message | string, second?: Details | string, third?: Details) {
    const [{ summary, detail }, about] =
      typeof said === 'string'
        ? [{ summary: said, detail: second as string }, third]
        : [render(said), second as Details | undefined];
    super(`${summary}: ${detail}`);
    this.summary = summary;
    this.detail = detail;
    this.subject = about?.subject ?? 'key';
    this.remains = about?.remains ?? null;
  }
}

/** What went wrong outside of the lifecycle, with what its user can do about it. */
export class ErrorWithRemedy extends Error {
  constructor(
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}

/** What the user can do about it, behind a space; empty where nobody said. */
export function remedyOf(error: unknown): string {
  return error instanceof ErrorWithRemedy ? ` ${error.remedy}` : '';
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
