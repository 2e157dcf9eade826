import type { ObjectValue } from '../../plugin/index.js';

/** Every configuration that was validated in this process: Terraform does it once for each instance. */
const configurations: ObjectValue[] = [];

/** Where they lead is asked by plans alone: validating has to start fast. */
export function noteDeclared(config: ObjectValue): void {
  configurations.push(config);
}

export function declarations(): readonly ObjectValue[] {
  return configurations;
}
