import { describeStore } from '../../support/destinations/suite.js';

describeStore('Vault', {
  store: ({ vault }) => vault,
  left: [],
  overwritten: 'refused',
  afterStage: 'finished',
});
