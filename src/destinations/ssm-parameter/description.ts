const DESCRIPTION = /^Lightsail access key ([A-Z0-9]{16,128}), version (\d+)\b/;

/**
 * Whose pair a version holds stands in the parameter's description, which PutParameter writes together with the value
 * and DescribeParameters tells without it. Somebody else's value keeps our description (AWS takes over what a writer
 * leaves out), but not our version.
 */
export function describePair(accessKeyId: string, version: number): string {
  return `Lightsail access key ${accessKeyId}, version ${version}; written by cdktf-lightsail-access-key`;
}

/** The key whose pair is the present version; null for anything else. */
export function keyDescribed(description: string | undefined, version: number): string | null {
  const [, accessKeyId, described] = DESCRIPTION.exec(description ?? '') ?? [];
  return accessKeyId !== undefined && Number(described) === version ? accessKeyId : null;
}

const FOLLOWS = /to follow version (\d+)\b/;

/** A pending pair says which version it is to replace: no other. */
export function describePending(accessKeyId: string, follows: number): string {
  return `Pending Lightsail access key ${accessKeyId}, to follow version ${follows}; written by cdktf-lightsail-access-key`;
}

/** Null where the parameter is none of ours. */
export function versionToFollow(description: string | undefined): number | null {
  const version = FOLLOWS.exec(description ?? '')?.[1];
  return version === undefined ? null : Number(version);
}
