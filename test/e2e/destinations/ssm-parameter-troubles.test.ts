import { describeTroubles } from '../../support/destinations/troubles.js';

describeTroubles('SSM Parameter Store', ({ parameters }) => parameters);
