/** A `lifecycle` of Terraform's meta-arguments, in the notation from which CDKTF renders HCL. */
export function hclLifecycle(lifecycle: unknown): Record<string, unknown> {
  if (typeof lifecycle !== 'object' || lifecycle === null) return {};
  const entries = Object.entries(lifecycle)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]): [string, unknown] => [
      snakeCase(name),
      name.endsWith('condition') ? conditions(value) : value,
    ]);
  return { lifecycle: { value: Object.fromEntries(entries) as unknown, isBlock: true } };
}

/** As it is, CDKTF renders them as a list, which Terraform does not take: they are blocks. */
function conditions(value: unknown): unknown {
  const blocks = (value as Record<string, unknown>[]).map((condition) =>
    Object.fromEntries(Object.entries(condition).map(([name, part]) => [snakeCase(name), part])),
  );
  return { value: blocks, isBlock: true, type: 'list', storageClassType: 'object' };
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
