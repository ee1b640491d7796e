import { relationJudgeContract } from '#libs/ports/contracts/relation-judge.contract.js';
import { NoRelationJudge } from './no-relation-judge.js';

relationJudgeContract('no model', async () => ({ judge: new NoRelationJudge(), stop: async () => undefined }));
