/** What AWS or the way to it said, without anything of the raw answer: that may carry a secret. */
export class NoAnswer extends Error {
  constructor(
    message: string,
    readonly repeat: Repeat = 'never',
  ) {
    super(message);
  }
}

/** Whether a call that only reads may be made again: not at all, in a moment, or only at a slower pace. */
export type Repeat = 'never' | 'soon' | 'slower';
