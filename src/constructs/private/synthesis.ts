import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ISynthesisSession, TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { placeProvider, removeOtherVersions } from './plugin-folder.js';
import { lockProvider } from './provider-lock.js';
import { providerPackage } from './provider-package.js';

/** CDKTF calls `onSynthesize` of the object that a construct holds under this symbol. */
const CUSTOM_SYNTHESIS = Symbol.for('cdktf/customSynthesis');

/** Makes a construct put the provider into its stack's folder at synthesis, where `terraform init` finds it. */
export function placeProviderAtSynthesis(construct: IConstruct): void {
  Object.defineProperty(construct, CUSTOM_SYNTHESIS, {
    value: {
      onSynthesize: (session: ISynthesisSession) => {
        const stack = TerraformStack.of(construct);
        const folder = join(session.outdir, session.manifest.forStack(stack).workingDirectory);
        mkdirSync(folder, { recursive: true });
        const provider = providerPackage();
        const versionFolder = placeProvider(join(folder, 'terraform.d/plugins'), provider);
        removeOtherVersions(versionFolder, provider);
        lockProvider(stack, folder, provider);
      },
    },
  });
}
