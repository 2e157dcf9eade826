import { randomUUID } from 'node:crypto';
import { Programs } from '../../unit/destinations/command/programs.js';
import { type Exchange, FaultLane, type Reply } from '../fault-lane.js';

interface Message {
  readonly event: 'write' | 'delete';
  readonly accessKeyId: string;
  readonly content?: string;
}

/** What the author of a `command` writes: it hands its input on to the store behind it, and says what that answers. */
const HAND_ON = `#!${process.execPath}
const [, , url, place] = process.argv;
const body = require('node:fs').readFileSync(0, 'utf8');
const store = async () => {
  const answer = await fetch(url + '/' + place, { method: 'POST', body });
  if (!answer.ok) throw await answer.text();
};
store().catch((problem) => { process.stderr.write(String(problem)); process.exitCode = 1; });
`;

/** A store of the author's own, which the program of a `command` speaks to. A place is a name in it. */
export class CommandStore {
  readonly #programs = new Programs();
  readonly #program = this.#programs.file('hand-on', HAND_ON);

  private constructor(
    readonly lane: FaultLane,
    private readonly contents: ReadonlyMap<string, Message>,
  ) {}

  static async open(): Promise<CommandStore> {
    const contents = new Map<string, Message>();
    const backend = ({ path, body }: Exchange): Promise<Reply> => {
      const message = JSON.parse(body) as Message;
      if (message.event === 'write') contents.set(path, message);
      else if (contents.get(path)?.accessKeyId === message.accessKeyId) contents.delete(path);
      return Promise.resolve({ status: 200, body: '' });
    };
    const nameOf = ({ body }: Exchange) => (JSON.parse(body) as Message).event;
    return new CommandStore(await FaultLane.open(backend, nameOf), contents);
  }

  async close(): Promise<void> {
    await this.lane.close();
    this.#programs.remove();
  }

  newPlace(): Promise<string> {
    return Promise.resolve(`uploads-${randomUUID()}`);
  }

  route(place: string, format = 'sdk'): string {
    const argv = JSON.stringify([this.#program, this.lane.url, place]);
    return `command {\nwrite = ${argv}\ndelete = ${argv}\nformat = "${format}"\n}`;
  }

  consumed(place: string): Promise<string | null> {
    return Promise.resolve(this.contents.get(`/${place}`)?.content ?? null);
  }

  left(place: string): Promise<readonly string[]> {
    return Promise.resolve(this.contents.has(`/${place}`) ? [place] : []);
  }
}
