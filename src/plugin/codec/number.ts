const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const INTEGER = /^-?\d+$/;
const DECIMAL = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** A whole number as `number` where that is exact, else as `bigint`. */
export function wholeNumber(value: bigint): number | bigint {
  const narrow = Number(value);
  return Number.isSafeInteger(narrow) ? narrow : value;
}

/**
 * Terraform writes a number as decimal text when neither an int64 nor a float64 holds it exactly.
 * Undefined for text that is no finite decimal number.
 */
export function parseNumber(text: string): number | bigint | undefined {
  if (INTEGER.test(text)) return wholeNumber(BigInt(text));
  const value = DECIMAL.test(text) ? Number(text) : NaN;
  return Number.isFinite(value) ? value : undefined;
}

/**
 * The form in which a number keeps its meaning in Terraform, whose numbers are decimals of 512 bits.
 *
 * Fractions go as their shortest decimal text: 0.1 in a configuration is one tenth exactly, which no float64 is,
 * and Terraform rejects a plan that answers with the neighbouring float.
 */
export function numberForWire(value: number | bigint): number | bigint | string {
  if (typeof value === 'bigint') {
    return value >= INT64_MIN && value <= INT64_MAX ? value : value.toString();
  }
  return Number.isInteger(value) ? value : value.toString();
}
