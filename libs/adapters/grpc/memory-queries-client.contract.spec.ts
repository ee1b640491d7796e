import { startQueriesGrpc } from '#apps/search/grpc/queries-grpc.js';
import { startQueriesUnderTest } from '#apps/search/queries/queries.fixture.js';
import { memoryQueriesContract } from '#libs/ports/contracts/memory-queries.contract.js';
import { MemoryQueriesClient } from './memory-queries-client.js';

memoryQueriesContract('search over gRPC', async () => {
  const local = await startQueriesUnderTest();
  const failed = (error: unknown): void => {
    throw error;
  };
  const server = await startQueriesGrpc(local.queries, {
    ...{ host: '127.0.0.1', port: 0, isDraining: () => false, failed },
  });
  const queries = new MemoryQueriesClient(`127.0.0.1:${server.port}`);
  return {
    ...local,
    queries,
    stop: async () => {
      queries.close();
      await server.stop();
      await local.stop();
    },
  };
});
