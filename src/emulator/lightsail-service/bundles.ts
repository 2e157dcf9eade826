import { type Context } from './context.js';
import { boolean, invalidInput, required, string } from './input.js';
import { type Input } from './wire.js';

/** The bundles of the price list. */
const BUNDLES = [
  { bundleId: 'small_1_0', name: 'Object Storage 5 GB', price: 1, storage: 5, transfer: 25 },
  { bundleId: 'medium_1_0', name: 'Object Storage 100 GB', price: 3, storage: 100, transfer: 250 },
  { bundleId: 'large_1_0', name: 'Object Storage 250 GB', price: 5, storage: 250, transfer: 500 },
];

export function getBucketBundles({ input }: Context): unknown {
  boolean(input, 'includeInactive');
  return {
    bundles: BUNDLES.map(({ bundleId, name, price, storage, transfer }) => ({
      bundleId,
      name,
      price,
      storagePerMonthInGb: storage,
      transferPerMonthInGb: transfer,
      isActive: true,
    })),
  };
}

export function bundleId(input: Input): string {
  const id = required(string(input, 'bundleId'), 'bundleId');
  if (BUNDLES.some((bundle) => bundle.bundleId === id)) return id;
  throw invalidInput(`There is no bucket bundle ${id}.`);
}
