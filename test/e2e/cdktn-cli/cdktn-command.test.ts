import { join } from 'node:path';
import { placeCdktnProviderAws } from '../../support/frameworks/cdktn-provider-aws.js';
import { describeCommand } from '../../support/frameworks/command-suite.js';
import { describeExamples } from '../../support/frameworks/examples-suite.js';
import type { CommandUnderTest } from '../../support/frameworks/project.js';
import { repository } from '../../support/provider-build.js';

const installed = join(repository, 'test/e2e/cdktn-cli/node_modules');

const tested: CommandUnderTest = {
  framework: 'cdktn',
  entry: 'cdktf-lightsail-access-key/cdktn',
  command: join(installed, 'cdktn-cli/bin/cdktn'),
  // The command takes none below 22.19.
  node: join(installed, 'node/bin/node'),
  placeAwsProvider: placeCdktnProviderAws,
};

describeCommand(tested);
describeExamples(tested);
