import { describeStore } from '../../support/destinations/suite.js';

describeStore('SSM Parameter Store', {
  store: ({ parameters }) => parameters,
  leftAfterDestroy: () => [],
  overwritten: 'refused',
  afterStage: 'finished',
});
