import { describeHistories } from './model/suite.js';

describeHistories(true);
