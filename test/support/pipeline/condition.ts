/** A condition of a pipeline file, of the kind that ours use: comparisons and functions, joined by &&. */
export function holds(
  condition: string,
  valueOf: (name: string) => string,
  functions: Readonly<Record<string, boolean>> = {},
): boolean {
  return condition.split('&&').every((part) => {
    const known = functions[part.trim()];
    if (known !== undefined) return known;
    const match = /^\s*(\S+)\s*(==|!=)\s*(\S+)\s*$/.exec(part);
    if (!match) throw new Error(`This condition is not understood: ${condition}`);
    const [, left = '', operator, right = ''] = match;
    const [a, b] = [left, right].map((operand) => /^(['"])(.*)\1$/.exec(operand)?.[2] ?? valueOf(operand));
    return (a === b) === (operator === '==');
  });
}
