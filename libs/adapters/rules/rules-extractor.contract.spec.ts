import { extractorContract } from '#libs/ports/contracts/extractor.contract.js';
import { RulesExtractor } from './rules-extractor.js';

extractorContract('rules', () => new RulesExtractor());
