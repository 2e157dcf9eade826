/** Loaded only where something is sealed. A dynamic import: the package is an ES module, and the sources are not. */
export const loadAge = () => import('age-encryption');
