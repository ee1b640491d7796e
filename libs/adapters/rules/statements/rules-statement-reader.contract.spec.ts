import { statementReaderContract } from '#libs/ports/contracts/statement-reader.contract.js';
import { RulesStatementReader } from './rules-statement-reader.js';

statementReaderContract('rules', () => new RulesStatementReader());
