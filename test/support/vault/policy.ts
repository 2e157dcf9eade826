/** A policy as Vault has it: capabilities by path; a trailing * covers what begins so. */
export type Policy = Readonly<Record<string, readonly string[]>>;

export const EVERYTHING = ['create', 'read', 'update', 'delete', 'list', 'sudo'];

/** In JSON, which Vault reads as well as its own language. */
export function printPolicy(policy: Policy): string {
  const paths = Object.entries(policy).map(([path, capabilities]) => [path, { capabilities }]);
  return JSON.stringify({ path: Object.fromEntries(paths) as object });
}

export function parsePolicy(text: string): Policy {
  const { path } = JSON.parse(text) as { path: Record<string, { capabilities: string[] }> };
  return Object.fromEntries(Object.entries(path).map(([each, { capabilities }]) => [each, capabilities]));
}

/** The longest path that matches decides. */
export function capabilitiesOf(policy: Policy, path: string): readonly string[] {
  const matching = Object.keys(policy)
    .filter((each) => (each.endsWith('*') ? path.startsWith(each.slice(0, -1)) : each === path))
    .sort((a, b) => b.length - a.length);
  const found = policy[matching[0] ?? ''] ?? [];
  return found.length > 0 ? found : ['deny'];
}

/** What a policy gives below a folder, by the paths in it. */
export function policyWithin(folder: string, policy: Policy): Policy {
  const entries = Object.entries(policy).flatMap(([path, capabilities]) => {
    if (path.startsWith(folder)) return [[path.slice(folder.length), capabilities]];
    return path.endsWith('*') && folder.startsWith(path.slice(0, -1)) ? [['*', capabilities]] : [];
  });
  return Object.fromEntries(entries) as Policy;
}
