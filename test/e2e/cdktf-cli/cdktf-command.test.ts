import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describeCommand } from '../../support/frameworks/command-suite.js';
import { describeExamples } from '../../support/frameworks/examples-suite.js';
import type { CommandUnderTest } from '../../support/frameworks/project.js';
import { repository } from '../../support/provider-build.js';

const tested: CommandUnderTest = {
  framework: 'cdktf',
  entry: 'cdktf-lightsail-access-key',
  command: join(repository, 'test/e2e/cdktf-cli/node_modules/cdktf-cli/bundle/bin/cdktf'),
  placeAwsProvider: (project) => {
    symlinkSync(join(repository, 'node_modules/@cdktf'), join(project, 'node_modules/@cdktf'));
  },
};

describeCommand(tested);
describeExamples(tested);
