// Loaded where a configuration names this store: a bundle of its own.
export { VaultKvDestination } from './destination.js';
export { VaultReader } from './reader.js';
