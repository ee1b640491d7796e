import { sealerContract } from '#libs/ports/contracts/sealer.contract.js';
import type { Database } from './database.js';
import { KeyRing } from './key-ring.js';
import { KeyedSealer } from './keyed-sealer.js';

// Its keys come from the master key alone, so there is no database to ask.
const nothing = {} as Database;
sealerContract('KeyedSealer', (masterKey) => new KeyedSealer(new KeyRing(nothing, masterKey)));
