import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { stop } from '../../../src/emulator/http.js';
import { repository } from '../provider-build.js';

/** What npm asks of a registry about a package, as far as it needs it to install one version. */
interface Packument {
  readonly name: string;
  readonly 'dist-tags': { readonly latest: string };
  readonly versions: Readonly<Record<string, object>>;
}

/** An npm registry on 127.0.0.1 that has this package alone, and sends npm to another one for all the rest. */
export class Registry {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** @param elsewhere the registry that has everything else */
  static async start(tarball: string, elsewhere: string): Promise<Registry> {
    const content = readFileSync(tarball);
    const manifest = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
      name: string;
      version: string;
    };
    const server = createServer((request, response) => {
      const path = request.url ?? '/';
      const own = `http://${request.headers.host ?? ''}/${manifest.name}/-/package.tgz`;
      if (path === `/${manifest.name}`) answer(response, 'application/json', JSON.stringify(packument(own)));
      else if (own.endsWith(path)) answer(response, 'application/octet-stream', content);
      else response.writeHead(307, { location: new URL(path.slice(1), elsewhere).href }).end();
    });
    const packument = (own: string): Packument => {
      const integrity = `sha512-${createHash('sha512').update(content).digest('base64')}`;
      const version = { ...manifest, dist: { tarball: own, integrity } };
      return {
        name: manifest.name,
        'dist-tags': { latest: manifest.version },
        versions: { [manifest.version]: version },
      };
    };
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Registry(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  }

  close(): Promise<void> {
    return stop(this.server);
  }
}

function answer(response: ServerResponse, type: string, body: string | Buffer): void {
  response.writeHead(200, { 'content-type': type }).end(body);
}
