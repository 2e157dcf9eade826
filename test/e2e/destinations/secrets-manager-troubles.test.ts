import { describeTroubles } from '../../support/destinations/troubles.js';

describeTroubles('Secrets Manager', ({ secretsManager }) => secretsManager);
