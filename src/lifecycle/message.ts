/** Whose keys a message is about: both stand in its first line, because Terraform merges warnings of one summary. */
export interface About {
  readonly bucket: string;
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
  const sentences = [meaning, remedy?.text ?? ''].filter((part) => part !== '').join(' ');
  const commands = (remedy?.commands ?? []).map((command) => `\n  ${command}`);
  return { summary: happened, detail: sentences + commands.join('') };
}
