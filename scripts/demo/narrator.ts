import { Redactor } from '../../src/secret/redactor.js';
import { Secret } from '../../src/secret/secret.js';

/** Something was not as the demo says that it is. */
export class Deviation extends Error {
  constructor(expected: string, found: string) {
    super(`Expected: ${expected}\nFound:    ${found}`);
  }
}

/** Tells the story. No secret that it was told of gets through, not even where a check has just found one. */
export class Narrator {
  readonly #redactor = new Redactor();
  readonly #colours = process.stdout.isTTY && !process.env.NO_COLOR;
  #steps = 0;

  get steps(): number {
    return this.#steps;
  }

  hide(secret: string): void {
    this.#redactor.learn(new Secret(secret));
  }

  /** Begins a step: one plain line that says what is going to happen. */
  step(title: string): void {
    this.#steps += 1;
    this.#say(`\n${this.#paint(1, `${String(this.#steps).padStart(2)}. ${title}`)}`);
  }

  command(line: string): void {
    this.#say(`    ${this.#paint(2, `$ ${line}`)}`);
  }

  /** What somebody else said, word for word. */
  quote(text: string): void {
    for (const line of text.trimEnd().split('\n')) this.#say(`    ${this.#paint(2, '|')} ${line}`.trimEnd());
  }

  /** Checks and, when it holds, says it: what is printed behind a tick has been seen to be so. */
  check(holds: boolean, fact: string, found: string): void {
    if (!holds) throw new Deviation(fact, found);
    this.#say(`    ${this.#paint(32, '✓')} ${fact}`);
  }

  end(text: string): void {
    this.#say(`\n${this.#paint(32, text)}`);
  }

  fail(error: unknown): void {
    const where = `Step ${this.#steps} was not as expected.`;
    const what = error instanceof Deviation ? error.message : String(error);
    console.error(this.#redactor.redact(`\n${where}\n${what}`));
  }

  #say(text: string): void {
    console.log(this.#redactor.redact(text));
  }

  #paint(code: number, text: string): string {
    return this.#colours ? `\x1b[${code}m${text}\x1b[0m` : text;
  }
}
