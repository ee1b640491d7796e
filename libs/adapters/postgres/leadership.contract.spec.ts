import { leadershipContract } from '#libs/ports/contracts/leadership.contract.js';
import { startTestDatabase } from '#test/harness/database.js';
import { PostgresLeadership } from './leadership.js';

leadershipContract('PostgreSQL', async () => {
  const database = await startTestDatabase();
  const processes = [new PostgresLeadership(database.db), new PostgresLeadership(database.db)];
  return {
    one: processes[0]!,
    other: processes[1]!,
    endOne: () => processes[0]!.close(),
    stop: async () => {
      await processes[1]!.close();
      await database.stop();
    },
  };
});
