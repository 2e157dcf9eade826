import type { Cause } from '../../../../src/lifecycle/cause.js';

/** What a test of the guards puts between the shipped rules and whoever follows them. */
export const rules: { cause: (cause: Cause | null) => Cause | null } = { cause: (cause) => cause };
