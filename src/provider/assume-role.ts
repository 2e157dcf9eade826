import { assumeRoleProblems } from '../contract/assume-role.js';
import type { AssumeRoleArguments } from '../contract/assume-role.js';
import type { Diagnostics, ObjectValue } from '../plugin/index.js';
import { isObject, stringMap, strings, text } from './values.js';

/** The names in the provider block. */
const NAMES = {
  roleArn: 'role_arn',
  sessionName: 'session_name',
  externalId: 'external_id',
  duration: 'duration',
  policy: 'policy',
  policyArns: 'policy_arns',
  sourceIdentity: 'source_identity',
  tags: 'tags',
  transitiveTagKeys: 'transitive_tag_keys',
} as const satisfies Readonly<Record<keyof AssumeRoleArguments, string>>;

/** The block as far as it is known; null where none is given. */
export function assumeRoleArguments({ assume_role: block }: ObjectValue): AssumeRoleArguments | null {
  if (!isObject(block)) return null;
  const given = {
    roleArn: text(block.role_arn),
    sessionName: text(block.session_name),
    externalId: text(block.external_id),
    duration: text(block.duration),
    policy: text(block.policy),
    policyArns: strings(block.policy_arns),
    sourceIdentity: text(block.source_identity),
    tags: stringMap(block.tags),
    transitiveTagKeys: strings(block.transitive_tag_keys),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}

/** Refuses what STS would refuse. */
export function validateAssumeRole(config: ObjectValue, diagnostics: Diagnostics): void {
  for (const { argument, problem, remedy } of assumeRoleProblems(assumeRoleArguments(config) ?? {})) {
    const name = NAMES[argument];
    diagnostics.error(
      `assume_role.${name}: ${problem}`,
      `STS would refuse it, and nothing was asked. No key is affected. ${remedy}`,
      ['assume_role', name],
    );
  }
}
