// Loaded where a configuration names this store: a bundle of its own.
export { SecretsManagerDestination } from './destination.js';
export { SecretsManagerReader } from './reader.js';
