import type { ObjectValue, Schema } from '../../../src/plugin/index.js';
import { isSame, misfit } from './values.js';

/** Core's AssertPlanValid: a plan says of arguments what the configuration says. */
export function invalidPlan(schema: Schema, config: ObjectValue, planned: ObjectValue): string[] {
  const arguments_ = Object.entries(schema.attributes).filter(
    ([name, { optional, required }]) => required === true || (optional === true && config[name] !== null),
  );
  const names = [...arguments_, ...Object.entries(schema.blocks ?? {})].map(([name]) => name);
  const wrong = names.filter((name) => !isSame(config[name], planned[name]));
  return [
    ...wrong.map((name) => `the plan has another ${name} than the configuration`),
    ...strange(schema, planned),
  ];
}

/** Core's AssertObjectCompatible: what was planned as known comes so. */
export function contradictions(what: string, planned: ObjectValue, actual: ObjectValue): string[] {
  return Object.keys(planned).flatMap((name) => {
    const where = misfit(planned[name], actual[name]);
    return where === null ? [] : [`${what}: ${name}${where}`];
  });
}

function strange({ attributes, blocks }: Schema, value: ObjectValue): string[] {
  const names = Object.keys({ ...attributes, ...blocks });
  return [
    ...names.filter((name) => !(name in value)).map((name) => `${name} is missing`),
    ...Object.keys(value)
      .filter((name) => !names.includes(name))
      .map((name) => `${name} is not in the schema`),
  ];
}
