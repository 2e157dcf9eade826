// What the programs beside this file have in common: the event on standard input, and running a tool with it.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * The one JSON object that the provider sends. `write` has secretAccessKey, and content in the chosen format;
 * `delete` has neither.
 */
export function readEvent() {
  const event = JSON.parse(readFileSync(0, 'utf8'));
  if (event.version !== 1)
    throw new Error(`This program knows version 1 of the event, not ${event.version}.`);
  return event;
}

/**
 * Runs a tool and answers what it printed. A secret goes to its standard input: arguments and the environment can be
 * seen by others on the machine. What the tool says on standard error goes to Terraform's diagnostic, redacted.
 *
 * A tool that fails ends the program with status 1, because a place that could not be read may still hold the pair.
 * Null only where `isAbsent`, which gets what the tool printed, knows that it failed for want of what was asked for.
 */
export function run(tool, args, { input = '', isAbsent = () => false } = {}) {
  const { status, stdout, error } = spawnSync(tool, args, {
    input,
    stdio: ['pipe', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  // A tool that fails early does not read its input; its status tells more than the broken pipe.
  if (error && error.code !== 'EPIPE') fail(`${tool} could not be started (${error.code}).`);
  if (status === 0) return stdout;
  if (isAbsent(stdout)) return null;
  return fail(`${tool} ended with exit status ${status}.`);
}

/** The pair that a text in the format `sdk` holds; null for whatever else somebody keeps under the same name. */
export function pairIn(text) {
  try {
    const { accessKeyId, bucketName } = JSON.parse(text);
    return accessKeyId && bucketName ? { accessKeyId, bucketName } : null;
  } catch {
    return null;
  }
}

/** Ends the program before it writes what it would not know again. */
export function assertSdk({ content }) {
  if (!pairIn(content)) fail('This program knows its own pair by the format sdk: leave the format out.');
}

/** Ends the program before it writes where somebody else has. */
export function refuse(place) {
  fail(
    `${place} holds something else than a pair of this bucket that this program has put there. Remove it, or choose another name.`,
  );
}

/** Becomes `secret_reference`; the first line that the program prints. */
export function answer(reference) {
  console.log(JSON.stringify({ reference }));
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
