import { describe } from '@jest/globals';
import { standalone } from '#test/harness/profiles.js';
import { everySuite } from './suite/every-suite.js';

describe('the standalone profile', () => everySuite(standalone));
