import { describeStore } from '../../support/destinations/suite.js';

describeStore('Secrets Manager', {
  store: ({ secretsManager }) => secretsManager,
  left: [
    'AWSCURRENT lightsail-empty-00*',
    'LIGHTSAIL_EMPTY lightsail-empty-00*',
    'LIGHTSAIL_JOURNAL lightsail-journal-*',
  ],
  overwritten: 'kept as an earlier version',
  afterStage: 'deleted',
});
