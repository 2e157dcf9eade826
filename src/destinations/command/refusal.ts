import { DestinationError } from '../../lifecycle/destination.js';
import type { Ending, ProgramLimits } from './program.js';

const LONGEST_EXCERPT = 1500;

/** Null for exit status 0. What the program printed is redacted before it is cut, so that no half secret remains. */
export function refusalOf(
  argv: readonly string[],
  ending: Ending,
  { limits, redact }: { limits: ProgramLimits; redact: (text: string) => string },
): DestinationError | null {
  if (ending.ended === 'exited' && ending.status === 0) return null;
  const how = {
    'timed-out': `did not end within ${limits.milliseconds / 1000} s and was stopped`,
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
  return new DestinationError(
    `The program ${argv[0] ?? ''} ${how}.${said.join('')}`,
    'Mend the program or what it calls; run by hand with the same JSON on its standard input it has to end with status 0.',
  );
}

function excerptOf(text: string): string {
  return text.length > LONGEST_EXCERPT ? `…${text.slice(-LONGEST_EXCERPT)}` : text;
}
