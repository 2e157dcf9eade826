import {
  TerraformCount,
  type TerraformMetaArguments,
  TerraformProvider,
  type TerraformResource,
} from 'cdktf';
import { PROVIDER_TYPE } from '../../contract/names.js';
import {
  apart,
  flag,
  isPlain,
  known,
  leaf,
  listOf,
  made,
  optional,
  type Rule,
  type Rules,
  shape,
  text,
} from './rules.js';

/** Props of a construct without those that every resource of Terraform takes. */
export type WithoutMeta<P extends object> = Omit<P, keyof TerraformMetaArguments>;

type Lifecycle = NonNullable<TerraformResource['lifecycle']>;

const hasAddress = (given: object) => typeof (given as { fqn?: unknown }).fqn === 'string';
const ADDRESSED =
  'Give constructs with an address in Terraform: resources, data sources, modules, access keys';

const dependable = made(hasAddress, ADDRESSED);
const object = known(made(isPlain, 'Give an object'), 'Give an object');

/** Lists that the framework walks through when it synthesizes. */
function knownList(rule: Rule): Rule {
  return known(listOf(rule), 'Give a list');
}

export const lightsailProvider = optional(
  made(
    (given) => TerraformProvider.isTerraformProvider(given) && given.terraformResourceType === PROVIDER_TYPE,
    'Give a LightsailProvider',
  ),
);

const CONDITIONS = optional(knownList(object));
const address = leaf((given) =>
  typeof given === 'string' || (typeof given === 'object' && given !== null && hasAddress(given))
    ? null
    : { remedy: ADDRESSED },
);
const attributes = listOf(text);

const LIFECYCLE: Rules<Lifecycle> = {
  createBeforeDestroy: optional(flag),
  preventDestroy: optional(flag),
  ignoreChanges: optional({
    ...attributes,
    problems: (given, at) => (given === 'all' ? [] : attributes.problems(given, at)),
  }),
  replaceTriggeredBy: optional(knownList(address)),
  precondition: CONDITIONS,
  postcondition: CONDITIONS,
};

/** The arguments of every resource of Terraform, which the framework puts into the stack. */
export const META = {
  dependsOn: apart(optional(knownList(dependable))),
  provider: apart(lightsailProvider),
  count: apart(
    optional(
      leaf((given) =>
        (typeof given === 'number' && Number.isInteger(given) && given >= 0) ||
        TerraformCount.isTerraformCount(given)
          ? null
          : { remedy: 'Give a whole number of at least 0, or a TerraformCount' },
      ),
    ),
  ),
  forEach: apart(
    optional(
      made(
        (given) => typeof (given as { _getForEachExpression?: unknown })._getForEachExpression === 'function',
        'Give an iterator, such as TerraformIterator.fromList(["a", "b"])',
      ),
    ),
  ),
  lifecycle: apart(optional(shape(LIFECYCLE))),
  connection: apart(optional(object)),
  provisioners: apart(
    optional(
      knownList(
        made(
          (given) => typeof (given as { type?: unknown }).type === 'string',
          'Give a provisioner with its type: file, local-exec or remote-exec',
        ),
      ),
    ),
  ),
};

/** Those of a construct's props that are not its own. */
export function metaOf(props: TerraformMetaArguments): TerraformMetaArguments {
  return Object.fromEntries(
    Object.entries(props).filter(([name, value]) => name in META && value !== undefined),
  );
}
