import { TerraformStack } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { FRAMEWORK, OTHERS } from './framework.js';
import { problem, type Problems, type Rule, shown } from './rules.js';

/**
 * The scope of a construct whose props are in order. Before the construct is made: one that is refused leaves nothing in
 * the tree.
 *
 * @throws Error with the path that the construct would have, and everything that is wrong with its props
 */
export function enter(scope: unknown, id: unknown, rule: Rule, props: unknown): Construct {
  if (!Construct.isConstruct(scope)) {
    throw refusal(String(id), [problem(`scope is ${shown(scope)}`, 'Give the stack, or a construct in it')]);
  }
  const { path } = scope.node;
  if (typeof id !== 'string' || id === '') {
    throw refusal(path, [problem(`id is ${shown(id)}`, 'Give a name that nothing else has in that scope')]);
  }
  const own = path === '' ? id : `${path}/${id}`;
  const owned = inOwnStack(scope, id);
  const problems = rule.problems(props, { name: 'props', prefix: '' });
  if (problems.length > 0) throw refusal(own, problems);
  return owned;
}

/** Throws where an argument of a construct's method is not as it should be. */
export function assertArgument(construct: IConstruct, name: string, given: unknown, rule: Rule): void {
  const problems = rule.problems(given, { name });
  if (problems.length > 0) throw refusal(construct.node.path, problems);
}

function refusal(path: string, problems: Problems): Error {
  return new Error(problems.map((each) => `[${path}] ${each}`).join('\n'));
}

/** Under which a class that was compiled with jsii, as the frameworks are, carries its full name. */
const TYPE = Symbol.for('jsii.rtti');

/**
 * The scope of a construct, which has to be in a stack of the framework that the construct is built on. Both take each
 * other's stacks for theirs, and fail at synthesis without naming a construct.
 */
function inOwnStack(scope: Construct, id: string): Construct {
  const framework = frameworkOf(TerraformStack.of(scope));
  const other = OTHERS.find((each) => each.package === framework);
  if (!other) return scope;
  throw new Error(
    `[${[scope.node.path, id].join('/')}] This construct is for ${FRAMEWORK.name}, and its stack is one of ${other.name}, which ` +
      `cannot synthesize it: no access key would be managed. Import it from "${other.entry}".`,
  );
}

/** Undefined where no class of the stack says so. */
function frameworkOf(stack: object): string | undefined {
  for (
    let type = stack.constructor as unknown;
    typeof type === 'function';
    type = Object.getPrototypeOf(type)
  ) {
    const { fqn } = (Object.getOwnPropertyDescriptor(type, TYPE)?.value ?? {}) as { fqn?: string };
    if (fqn?.endsWith('.TerraformStack')) return fqn.slice(0, -'.TerraformStack'.length);
  }
  return undefined;
}
