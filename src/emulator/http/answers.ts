import { type ServerResponse } from 'node:http';
import { type Answer } from '../service.js';

export function send(response: ServerResponse, answer: Answer): Promise<void> {
  writeHead(response, answer);
  return end(response, answer.body);
}

/**
 * Sends the first half of an answer. `short` announces all of it and closes the connection; `complete` frames
 * the half correctly, so that only parsing it fails.
 */
export async function cutShort(
  response: ServerResponse,
  answer: Answer,
  framing: 'short' | 'complete',
): Promise<void> {
  const half = answer.body.subarray(0, Math.floor(answer.body.length / 2));
  if (framing === 'complete') {
    await send(response, { ...answer, body: half });
    return;
  }
  writeHead(response, answer);
  await new Promise<void>((resolve) => {
    response.write(half, () => {
      resolve();
    });
    // A client that is gone already lets the callback wait for ever.
    response.once('close', resolve);
  });
  response.socket?.end();
}

/** Closes the connection as a server that stops does. */
export function drop(response: ServerResponse): void {
  response.socket?.destroy();
}

/** Closes it as a crashed host or a middlebox does: with a TCP reset. */
export function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

/** Announces the whole body, also where less of it follows. A 204 announces none. */
function writeHead(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, {
    ...(status !== 204 && { 'content-length': String(body.length) }),
    ...headers,
  });
}

/** Resolves when the answer is out, or when there is nobody left to send it to. */
function end(response: ServerResponse, body: Buffer): Promise<void> {
  return new Promise((resolve) => {
    response.once('close', resolve);
    response.end(body, () => {
      resolve();
    });
  });
}
