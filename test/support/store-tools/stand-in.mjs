// A stand-in for the command-line tools with which the programs of examples/command store a pair: each keeps what it
// is given and answers as its documentation says. A command or an option that is not written here is refused, as the
// tools themselves refuse what they do not know; so is a value that stands in the arguments.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const text = { type: 'string' };
const flag = { type: 'boolean' };

class Refusal extends Error {
  /** What the tool prints on standard output all the same. */
  constructor(message, printed = '') {
    super(message);
    this.printed = printed;
  }
}

/** What the tool keeps, by place. */
class Shelf {
  constructor(path) {
    this.path = path;
    this.content = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  }

  has(place) {
    return place in this.content;
  }

  get(place) {
    if (!this.has(place)) throw new Refusal(`${place} does not exist`);
    return this.content[place];
  }

  put(place, value) {
    if (value === '') throw new Refusal(`nothing was given for ${place}`);
    this.content[place] = value;
    this.#save();
  }

  remove(place) {
    this.get(place);
    delete this.content[place];
    this.#save();
  }

  #save() {
    writeFileSync(this.path, JSON.stringify(this.content));
  }
}

/** 1Password: an item of a vault has an ID of its own, and is made anew by each `create`. */
const op = {
  'item list': {
    options: { vault: text, format: text },
    act: (shelf, { vault }) =>
      JSON.stringify(
        Object.entries(shelf.content)
          .filter(([, item]) => item.vault === vault)
          .map(([id, { title }]) => ({ id, title })),
      ),
  },
  'item create': {
    options: { vault: text, tags: text },
    act: (shelf, { vault, tags }, [dash], input) => {
      if (dash !== '-') throw new Refusal('a template in the arguments');
      const id = `item${Object.keys(shelf.content).length + 1}`;
      shelf.put(id, { id, vault, tags: [tags], ...JSON.parse(input) });
    },
  },
  'item edit': {
    options: { vault: text, tags: text },
    act: (shelf, { vault, tags }, [id, ...assignments], input) => {
      if (assignments.length > 0) throw new Refusal(`${assignments[0]} is no assignment of a field`);
      if (input === '') throw new Refusal('nothing to edit');
      shelf.put(id, { ...shelf.get(id), vault, tags: [tags], ...JSON.parse(input) });
    },
  },
  'item get': {
    options: { vault: text, format: text },
    act: (shelf, { format }, [id]) => {
      if (format !== 'json') throw new Refusal(`not in this format: ${format}`);
      return JSON.stringify(shelf.get(id));
    },
  },
  'item delete': { options: { vault: text }, act: (shelf, _options, [id]) => shelf.remove(id) },
  read: {
    options: {},
    act: (shelf, _options, [reference]) => {
      const [vault, title, label] = reference.replace(/^op:\/\//, '').split('/');
      const items = Object.values(shelf.content);
      const item = items.find((each) => each.vault === vault && each.title === title);
      if (!item) throw new Refusal(`${reference} does not exist`);
      return `${fieldOf(item, label)}\n`;
    },
  },
};

function fieldOf({ fields }, label) {
  const field = fields.find((each) => each.label === label);
  if (!field) throw new Refusal(`there is no field ${label}`);
  return field.value;
}

/** Doppler: a secret of a project's config. */
const inConfig = { project: text, config: text };
const named = ({ project, config }, [name]) => `${project}/${config}/${name}`;
const doppler = {
  'secrets set': {
    options: { ...inConfig, 'no-interactive': flag, silent: flag },
    act: (shelf, options, args, input) => shelf.put(named(options, args), input),
  },
  'secrets get': {
    options: { ...inConfig, plain: flag, 'no-exit-on-missing-secret': flag },
    act: (shelf, options, args) => {
      const isBlank = options['no-exit-on-missing-secret'] && !shelf.has(named(options, args));
      return `${isBlank ? '' : shelf.get(named(options, args))}\n`;
    },
  },
  'secrets delete': {
    options: { ...inConfig, yes: flag, silent: flag },
    act: (shelf, options, args) => shelf.remove(named(options, args)),
  },
};

/** GitHub: a secret can be set and deleted, and read by nothing but a workflow; a variable can be read. */
const inRepository = { repo: text };
const gh = Object.fromEntries(
  ['secret', 'variable'].flatMap((kind) => {
    const at = ({ repo }, [name]) => `${repo}/${kind}s/${name}`;
    return [
      [
        `${kind} set`,
        {
          options: inRepository,
          act: (shelf, options, args, input) => shelf.put(at(options, args), input),
        },
      ],
      [
        `${kind} delete`,
        { options: inRepository, act: (shelf, options, args) => shelf.remove(at(options, args)) },
      ],
      [
        `${kind} list`,
        {
          options: { ...inRepository, json: text },
          act: (shelf, { repo, json }) => {
            // A secret has no field with its value.
            if (json !== { secret: 'name', variable: 'name,value' }[kind])
              throw new Refusal(`not these fields: ${json}`);
            const prefix = at({ repo }, ['']);
            const own = Object.entries(shelf.content).filter(([place]) => place.startsWith(prefix));
            return JSON.stringify(
              own.map(([place, value]) => {
                const name = place.slice(prefix.length);
                return kind === 'secret' ? { name } : { name, value: value.trim() };
              }),
            );
          },
        },
      ],
    ];
  }),
);

/** GitLab: `set` is for a variable that is not there, `update` for one that is; a masked value has no spaces. */
const masked = /^[\w+/=@:.~-]{8,}$/;
const putVariable =
  (isThere) =>
  (shelf, options, [name], input) => {
    const place = `${options.repo}/${name}`;
    if (shelf.has(place) !== isThere)
      throw new Refusal(`${place} ${isThere ? 'does not exist' : 'is taken'}`);
    if (!options.masked || !masked.test(input)) throw new Refusal('the value cannot be masked');
    shelf.put(place, input);
  };
const variable = { ...inRepository, masked: flag, raw: flag };
const glab = {
  'variable set': { options: variable, act: putVariable(false) },
  'variable update': { options: variable, act: putVariable(true) },
  'variable get': { options: inRepository, act: (shelf, { repo }, [name]) => shelf.get(`${repo}/${name}`) },
  'variable delete': {
    options: inRepository,
    act: (shelf, { repo }, [name]) => shelf.remove(`${repo}/${name}`),
  },
  // The API's own answer, printed whatever its status.
  api: {
    options: {},
    act: (shelf, _options, [path]) => {
      const [, project, key] = /^projects\/([^/]+)\/variables\/([^/]+)$/.exec(path) ?? [];
      const place = `${decodeURIComponent(project)}/${key}`;
      if (!shelf.has(place)) {
        const message = '404 Variable Not Found';
        throw new Refusal(`${message} (HTTP 404)`, JSON.stringify({ message }));
      }
      return JSON.stringify({ key, value: shelf.get(place) });
    },
  },
};

/**
 * Kubernetes: a Secret, and who owns each of its labels and data. `apply` on the server's side sets what it is given,
 * removes what its manager had set before, and refuses to change what is another's.
 */
const shownSecret = ({ metadata, fields }) => {
  const of = (kind) => {
    const own = Object.entries(fields).filter(([path]) => path.startsWith(kind));
    return Object.fromEntries(own.map(([path, { value }]) => [path.slice(kind.length), value]));
  };
  const [labels, data] = [of('label:'), of('data:')];
  const orNone = (map) => (Object.keys(map).length > 0 ? map : undefined);
  return JSON.stringify({ metadata: { ...metadata, labels: orNone(labels) }, data: orNone(data) });
};
const appliedFields = ({ metadata: { labels = {} }, data = {} }) => {
  for (const value of Object.values(labels)) {
    if (!/^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/.test(value)) throw new Refusal(`the label ${value}`);
  }
  const paths = (kind, map) => Object.entries(map).map(([key, value]) => [`${kind}:${key}`, value]);
  return [...paths('label', labels), ...paths('data', data)];
};
const kubectl = {
  apply: {
    options: { 'server-side': flag, 'field-manager': text, output: text, filename: text },
    act: (shelf, options, _args, input) => {
      if (options.filename !== '-' || !options['server-side']) throw new Refusal('a copy in an annotation');
      const { kind, stringData, ...secret } = JSON.parse(input);
      if (kind !== 'Secret' || stringData) throw new Refusal(`a ${kind} with fields that nobody owns`);
      const { name, namespace } = secret.metadata;
      const place = `${namespace}/${name}`;
      const owner = options['field-manager'];
      const before = shelf.has(place) ? shelf.get(place).fields : {};
      const others = Object.entries(before).filter(([, field]) => field.owner !== owner);
      const fields = Object.fromEntries(others);
      for (const [path, value] of appliedFields(secret)) {
        if (path in fields && fields[path].value !== value) throw new Refusal(`conflict at ${path}`);
        fields[path] ??= { owner, value };
      }
      const applied = { metadata: { name, namespace }, fields };
      shelf.put(place, applied);
      return shownSecret(applied);
    },
  },
  'get secret': {
    options: { namespace: text, output: text, 'ignore-not-found': flag },
    act: (shelf, { namespace, 'ignore-not-found': mayBeAbsent }, [name]) => {
      const place = `${namespace}/${name}`;
      return mayBeAbsent && !shelf.has(place) ? '' : shownSecret(shelf.get(place));
    },
  },
  'delete secret': {
    options: { namespace: text, wait: text },
    act: (shelf, { namespace }, [name]) => shelf.remove(`${namespace}/${name}`),
  },
};

const tools = { op, doppler, gh, glab, kubectl };

/** Does what the tool of this name would do with these arguments; what it keeps lies in `folder`. */
export function act(tool, { argv: [, ...args], stdin }, folder) {
  try {
    const commands = tools[tool];
    const command = Object.keys(commands).find((each) => `${args.join(' ')} `.startsWith(`${each} `));
    if (!command) throw new Refusal(`unknown command: ${args[0]} ${args[1]}`);
    const { values, positionals } = parseArgs({
      args: args.slice(command.split(' ').length),
      options: commands[command].options,
      allowPositionals: true,
    });
    const shelf = new Shelf(join(folder, `${tool}.json`));
    const said = commands[command].act(shelf, values, positionals, stdin);
    if (said !== undefined) process.stdout.write(said);
  } catch (error) {
    // No value: arguments and messages are shown.
    console.error(`${tool}: ${error.message}`);
    process.stdout.write(error.printed ?? '');
    process.exitCode = 1;
  }
}
