import { describeTroubles } from '../../support/destinations/troubles.js';

describeTroubles('Vault', ({ vault }) => vault, ['unreachable', 'refused']);
