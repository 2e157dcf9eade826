import { describeStore } from '../../support/destinations/suite.js';

describeStore('Vault', {
  store: ({ vault }) => vault,
  leftAfterDestroy: () => [],
  overwritten: 'refused',
  afterStage: 'finished',
});
