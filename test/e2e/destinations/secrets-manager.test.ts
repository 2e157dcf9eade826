import { describeStore } from '../../support/destinations/suite.js';

const EMPTY = 'lightsail-empty-0000000000000001';

describeStore('Secrets Manager', {
  store: ({ secretsManager }) => secretsManager,
  leftAfterDestroy: () => [
    `LIGHTSAIL_EMPTY ${EMPTY}`,
    `AWSCURRENT ${EMPTY}`,
    'LIGHTSAIL_JOURNAL lightsail-journal-00000000000003',
  ],
  overwritten: 'kept as an earlier version',
  afterStage: 'deleted',
});
