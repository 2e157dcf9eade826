import type { Destination } from '../lifecycle/destination.js';
import { FileDestination } from './file.js';
import type { Format } from './format.js';
import { TerraformOutputDestination } from './terraform-output.js';

/** Where the author sends the secret; `none` for a key that was never routed (imported). */
export type DestinationChoice =
  | { readonly kind: 'terraform_output'; readonly currentKey: string | null }
  | { readonly kind: 'file'; readonly path: string; readonly format: Format }
  | { readonly kind: 'none' };

export function destinationFor(choice: DestinationChoice): Destination {
  switch (choice.kind) {
    case 'file':
      return new FileDestination(choice.path, choice.format);
    case 'terraform_output':
      return new TerraformOutputDestination(choice.currentKey);
    case 'none':
      return new TerraformOutputDestination(null);
  }
}
