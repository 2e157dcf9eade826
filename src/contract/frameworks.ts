/** What this package's constructs are built on: one source tree, an entry for each. */
export interface Framework {
  /** As people call it. */
  readonly name: string;
  readonly package: string;
  /** From which its users import the constructs. */
  readonly entry: string;
}

export const FRAMEWORKS = {
  cdktf: { name: 'CDKTF', package: 'cdktf', entry: 'cdktf-lightsail-access-key' },
  cdktn: { name: 'CDK Terrain', package: 'cdktn', entry: 'cdktf-lightsail-access-key/cdktn' },
} as const satisfies Record<string, Framework>;
