import { indexGenerationsContract } from '#libs/ports/contracts/index-generations.contract.js';
import { startTestDatabase } from '#test/harness/database.js';
import { Database } from './database.js';
import { PostgresIndexGenerations } from './index-generations.js';

indexGenerationsContract('PostgreSQL', async () => {
  const database = await startTestDatabase();
  const elsewhere = new Database(database.url);
  const [generations, generationsElsewhere] = [database.db, elsewhere].map((db) => new PostgresIndexGenerations(db));
  for (const one of [generations!, generationsElsewhere!]) await one.start();
  return {
    generations: generations!,
    generationsElsewhere: generationsElsewhere!,
    reset: () =>
      database.db.asOwner(
        async (connection) => void (await connection.query('TRUNCATE index_generations, projection_active')),
      ),
    stop: async () => {
      for (const one of [generations!, generationsElsewhere!]) await one.stop();
      await elsewhere.close();
      await database.stop();
    },
  };
});
