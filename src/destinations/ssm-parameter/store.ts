// Loaded where a configuration names this store: a bundle of its own.
export { SsmParameterDestination } from './destination.js';
export { ParameterReader } from './reader.js';
