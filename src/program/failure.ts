import type { Ending, ProgramLimits } from './run-program.js';

const LONGEST_EXCERPT = 1500;

interface Telling {
  readonly limits: ProgramLimits;
  /** Takes out of what the program printed what nobody may see. */
  readonly redact: (text: string) => string;
}

/**
 * How a program failed, in sentences; null for exit status 0. What it printed is redacted before it is cut, so that no
 * half secret remains.
 */
export function failureOf(
  argv: readonly string[],
  ending: Ending,
  { limits, redact }: Telling,
): string | null {
  if (ending.ended === 'exited' && ending.status === 0) return null;
  const how = {
    'timed-out': `did not end within ${limits.milliseconds / 1000} s and was stopped`,
    stopped: 'was stopped, as Terraform was interrupted',
    'not-started': 'could not be started',
    exited:
      ending.status === null
        ? `was ended by ${ending.signal ?? 'a signal'}`
        : `ended with exit status ${ending.status}`,
  }[ending.ended];
  const said = [
    ['standard error', ending.stderr],
    ['standard output', ending.stdout],
  ].flatMap(([name = '', text = '']) => {
    const excerpt = excerptOf(redact(text).trim());
    return excerpt === '' ? [] : [` Its ${name}: ${excerpt}`];
  });
  return `The program ${argv[0] ?? ''} ${how}.${said.join('')}`;
}

function excerptOf(text: string): string {
  return text.length > LONGEST_EXCERPT ? `…${text.slice(-LONGEST_EXCERPT)}` : text;
}
