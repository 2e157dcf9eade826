import { writeSync } from 'node:fs';
import type { Log } from './provider.js';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;
type Level = (typeof LEVELS)[number];

/** Takes secrets out of a text. */
export type Redact = (text: string) => string;

/** A redaction that fails must not let the text through. */
export function safely(redact: Redact): Redact {
  return (text) => {
    try {
      return redact(text);
    } catch {
      return '(withheld: the text could not be checked for secrets)';
    }
  };
}

/** The least level to write, or undefined for nothing at all, as Terraform's own variables say. */
export function logThreshold(environment: Readonly<Record<string, string | undefined>>): Level | undefined {
  const asked = [environment.TF_LOG_PROVIDER, environment.TF_LOG].find(Boolean)?.toLowerCase();
  // Terraform's `JSON` means everything, in its own notation, and so does a level that it does not know.
  if (asked === undefined || asked === 'off') return undefined;
  return LEVELS.find((level) => level === asked) ?? 'trace';
}

/**
 * Writes one JSON object a line, as hashicorp's hclog does, to standard error, where Terraform reads it.
 * Synchronous, as the last lines before the end of the process are the ones that matter.
 */
export function createLog(
  threshold: Level | undefined,
  redact: Redact,
  common: Readonly<Record<string, unknown>> = {},
  write: (line: string) => void = writeToStderr,
): Log {
  const from = threshold === undefined ? LEVELS.length : LEVELS.indexOf(threshold);
  const at = (level: Level) => (message: string, fields?: Record<string, unknown>) => {
    if (LEVELS.indexOf(level) < from) return;
    write(`${oneLine(redact(format(level, message, { ...common, ...fields })))}\n`);
  };
  return { trace: at('trace'), debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function format(level: Level, message: string, fields: Record<string, unknown>): string {
  const head = {
    '@level': level,
    '@message': message,
    '@module': 'provider',
    // hclog writes microseconds, and its reader accepts nothing else.
    '@timestamp': new Date().toISOString().replace(/Z$/, '000Z'),
  };
  try {
    return JSON.stringify({ ...fields, ...head }, (_, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value instanceof Error ? value.message : value,
    );
  } catch {
    return JSON.stringify(head);
  }
}

/** A redaction may have put a line break in. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}

function writeToStderr(line: string): void {
  try {
    writeSync(2, line);
  } catch {
    // Terraform is gone and no longer reads.
  }
}
