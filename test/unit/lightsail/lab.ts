import { createServer, type Server as HttpServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { LightsailBucketKeys } from '../../../src/lightsail/bucket-keys.js';
import { Connection } from '../../../src/lightsail/connection.js';
import { TIME_LIMITS, type TimeLimits } from '../../../src/lightsail/request-handler.js';
import type { Settings } from '../../../src/lightsail/connection.js';
import { TEST_CREDENTIALS } from '../../../src/emulator/index.js';
import { Secret } from '../../../src/secret/secret.js';

export const BUCKET = 'uploads';
export const REGION = 'us-east-1';

export interface Client {
  readonly keys: LightsailBucketKeys;
  readonly connection: Connection;
  /** The values of the secrets that the client has told of. */
  readonly told: string[];
}

/** The code under test with the real SDK, against a URL. */
export function clientFor(
  url: string,
  settings: Partial<Settings> = {},
  limits: Partial<TimeLimits> = {},
  signal?: AbortSignal,
): Client {
  const { accessKeyId, secretAccessKey } = TEST_CREDENTIALS;
  const connection = new Connection(
    {
      region: REGION,
      accessKeyId,
      secretAccessKey: new Secret(secretAccessKey),
      endpoints: { lightsail: url, s3: url },
      maxAttempts: 3,
      ...settings,
    },
    { ...TIME_LIMITS, ...limits },
  );
  const told: string[] = [];
  const keys = new LightsailBucketKeys(
    connection,
    BUCKET,
    REGION,
    (secret) => told.push(secret.reveal()),
    signal,
  );
  return { keys, connection, told };
}

export interface RawServer {
  readonly url: string;
  readonly requests: () => number;
  close(): Promise<void>;
}

/** A server that answers in ways that no service should. */
export async function serveRaw(
  answer: RequestListener,
  tls?: { readonly key: string; readonly cert: string },
): Promise<RawServer> {
  let requests = 0;
  const listener: RequestListener = (request, response) => {
    requests += 1;
    request.resume();
    answer(request, response);
  };
  const server: HttpServer = tls ? createTlsServer(tls, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http${tls ? 's' : ''}://127.0.0.1:${port}`,
    requests: () => requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

export const SKEW_MINUTES = 40;

/** A server whose time is ahead of this machine's, and how far ahead of it each request was signed. */
export async function serveSkewed(body: string): Promise<RawServer & { readonly minutesAhead: number[] }> {
  const minutesAhead: number[] = [];
  const server = await serveRaw((request, response) => {
    const stamp = String(request.headers['x-amz-date']);
    const at = Date.parse(stamp.replace(/^(....)(..)(..T..)(..)/, '$1-$2-$3:$4:'));
    minutesAhead.push(Math.max(0, Math.round((at - Date.now()) / 60_000)));
    response.setHeader('date', new Date(Date.now() + SKEW_MINUTES * 60_000).toUTCString());
    response.end(body);
  });
  return { ...server, minutesAhead };
}
