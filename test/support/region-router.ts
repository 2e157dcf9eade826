import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Emulator } from '../../src/emulator/index.js';

export interface RegionRouter {
  readonly url: string;
  close(): Promise<void>;
}

/** One endpoint for several regions, as `AWS_ENDPOINT_URL_LIGHTSAIL` knows only one: the signature names the region. */
export async function routeRegions(emulators: readonly Emulator[]): Promise<RegionRouter> {
  const server = createServer((incoming, outgoing) => {
    const region = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(incoming.headers.authorization ?? '')?.[1];
    const emulator = emulators.find((candidate) => candidate.region === region);
    if (!emulator) {
      outgoing.writeHead(503).end();
      return;
    }
    // The headers stay as they are, the host too: they are signed.
    const { method, url: path, headers } = incoming;
    const { hostname, port } = new URL(emulator.url);
    const sent = forward({ hostname, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    incoming.pipe(sent);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
