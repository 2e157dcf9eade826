import type { BindDestination } from '../../../../src/constructs/private/destination.js';
import type { Rule } from '../../../../src/constructs/private/rules.js';
import { SecretDestination } from '../../../../src/constructs/secret-destination.js';
import { TOY, type ToyDestinationProps } from './rules.js';

const OfTheTest = SecretDestination as unknown as new (
  factory: string,
  rule: Rule,
  props: unknown,
  binder: BindDestination,
) => SecretDestination;

/** As a method of `SecretDestination` would be, whose constructor is its own. */
export function toyShelf(props: ToyDestinationProps): SecretDestination {
  return new OfTheTest('toyShelf', TOY, props, () => ({
    route: 'toy_shelf',
    arguments: TOY.arguments(props),
    secret: { toyShelf: props } as object,
  }));
}
