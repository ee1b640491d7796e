import { describe } from '@jest/globals';
import { useDistributedProfile } from '#test/harness/profiles.js';
import { everySuite } from './suite/every-suite.js';

describe('the distributed profile', () => everySuite(useDistributedProfile()));
