import { base64Forms, hexForm, textForms } from '../../src/secret/forms.js';

/** The texts in which a value can stand inside another text; base64 without its edges, which also hold neighbours. */
export function formsOf(value: string): readonly string[] {
  const hex = hexForm(value);
  return [...textForms(value), ...base64Forms(value).map(({ core }) => core), hex, hex.toUpperCase()];
}
