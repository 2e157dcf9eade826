import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode, encode, ExtData } from '@msgpack/msgpack';
import { Client, type ClientUnaryCall, credentials, type ServiceError } from '@grpc/grpc-js';
import { parse, type Root, type Service } from 'protobufjs';
import { pem, type ToyProcess } from './toy-process.js';

export type Json = Record<string, unknown>;
export const tfplugin6: Root = parse(readFileSync(join(__dirname, 'tfplugin6.proto'), 'utf8'), {
  keepCase: false,
}).root;
const service: Service = tfplugin6.lookupService('tfplugin6.Provider');

/** An independent client of the protocol: grpc-js, protobufjs and @msgpack/msgpack. */
export class ToyClient {
  readonly #client: Client;
  #latest: ClientUnaryCall | undefined;

  constructor(toy: ToyProcess) {
    const target = toy.network === 'unix' ? `unix:${toy.address}` : toy.address;
    const secure = toy.certificate
      ? credentials.createSsl(
          Buffer.from(pem({ certificate: toy.certificate })),
          Buffer.from(toy.client.privateKey),
          Buffer.from(pem(toy.client)),
        )
      : credentials.createInsecure();
    this.#client = new Client(target, secure, {
      'grpc.ssl_target_name_override': 'localhost',
      'grpc.default_authority': 'localhost',
      'grpc.max_receive_message_length': -1,
    });
  }

  /** Sends a message and gives the answer as JSON, with numbers for int64 and Buffers for bytes. */
  async call(name: string, request: Json = {}): Promise<Json> {
    const method = service.methods[name];
    if (!method) throw new Error(`the proto file has no method ${name}`);
    const input = tfplugin6.lookupType(`tfplugin6.${method.requestType}`);
    const output = tfplugin6.lookupType(`tfplugin6.${method.responseType}`);
    const bytes = await this.raw(
      `/tfplugin6.Provider/${name}`,
      Buffer.from(input.encode(input.fromObject(request)).finish()),
    );
    return output.toObject(output.decode(bytes), {
      longs: Number,
      enums: String,
      arrays: true,
      objects: true,
    });
  }

  raw(path: string, request: Buffer): Promise<Buffer> {
    const same = (bytes: Buffer) => bytes;
    return new Promise((resolve, reject) => {
      this.#latest = this.#client.makeUnaryRequest(
        path,
        same,
        same,
        request,
        (error: ServiceError | null, response) => {
          if (error) reject(error);
          else resolve(response ?? Buffer.alloc(0));
        },
      );
    });
  }

  /** Cancels the latest call. */
  giveUp(): void {
    this.#latest?.cancel();
  }

  /** Opens one of the streams that are only held open; the answer is its end. */
  hold(path: string): Promise<number> {
    const same = (bytes: Buffer) => bytes;
    const stream = this.#client.makeServerStreamRequest(path, same, same, Buffer.alloc(0));
    return new Promise((resolve) => {
      stream.on('data', () => undefined);
      stream.on('error', () => undefined);
      stream.on('status', ({ code }) => {
        resolve(code);
      });
    });
  }

  close(): void {
    this.#client.close();
  }
}

export const UNKNOWN_VALUE = new ExtData(0, new Uint8Array([0]));

/** A value in the form in which Terraform sends it. */
export function dynamic(value: unknown): { msgpack: Buffer } {
  return { msgpack: Buffer.from(encode(value, { useBigInt64: true })) };
}

/** The value in an answer; an unknown one as an ExtData. */
export function plain(value: unknown): unknown {
  return decode((value as { msgpack: Uint8Array }).msgpack);
}
