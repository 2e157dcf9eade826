import { describeStore } from '../../support/destinations/suite.js';

describeStore('SSM Parameter Store', {
  store: ({ parameters }) => parameters,
  left: [],
  overwritten: 'refused',
  afterStage: 'finished',
});
