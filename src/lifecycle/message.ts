/** Whose keys a message is about: both stand in its first line, because Terraform merges warnings of one summary. */
export interface About {
  /** Null where none is known yet, and of what concerns all keys of a run. */
  readonly bucket: string | null;
  /** IDs, the one that it is mainly about first. */
  readonly keys: readonly string[];
}

/** What its reader can do. */
export interface Remedy {
  readonly text: string;
  /** Each stands on a line of its own, as it is typed. */
  readonly commands?: readonly string[];
}

/** One thing that a user is told about the keys of a bucket. */
export interface Message {
  readonly about: About;
  /** One line without a full stop. It names the bucket, and the keys. */
  readonly happened: string;
  /** What it means for the key, in sentences. */
  readonly meaning: string;
  /** Null where there is nothing to do. */
  readonly remedy: Remedy | null;
}

/** As Terraform shows it: a summary, and a detail in which it breaks every line that does not begin with a space. */
export interface Rendered {
  readonly summary: string;
  readonly detail: string;
}

export function render({ happened, meaning, remedy }: Message): Rendered {
  const commands = (remedy?.commands ?? []).map((command) => `\n  ${command}`);
  return { summary: happened, detail: sentences(meaning, remedy?.text) + commands.join('') };
}

/** The same in a wider context: what leads to it, and what follows from it. A command stays the last line. */
export function framed(message: Message, before: string, after = ''): Message {
  return { ...message, meaning: sentences(before, message.meaning, after) };
}

/** Sentences in one line, without those that there are none of. */
export function sentences(...parts: readonly (string | false | null | undefined)[]): string {
  return parts
    .map((part) => (part ? part.trim() : ''))
    .filter((part) => part !== '')
    .join(' ');
}
