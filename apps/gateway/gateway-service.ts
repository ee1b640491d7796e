import { gatewayAdapters } from '#libs/profiles/distributed.profile.js';
import { openSharedDatabase } from '#libs/profiles/shared-database.js';
import { AdaptersModule } from '#libs/service-kit/adapters.module.js';
import { Readiness } from '#libs/service-kit/health.js';
import type { RunningService, ServiceStart } from '#libs/service-kit/run-service.js';
import { createGatewayApplication } from './gateway-application.js';
import { GatewayReadiness } from './gateway-readiness.js';
import { startGatewayGrpc } from './grpc/gateway-grpc.js';

/** The front door as a service of its own: REST and gRPC. */
export async function startGateway({ configuration, servers, ...ears }: ServiceStart): Promise<RunningService> {
  const { host, port, grpcPort, commandTimeoutMs } = configuration;
  const database = await openSharedDatabase(servers);
  const adapters = await gatewayAdapters(servers, database, configuration, ears);
  const application = await createGatewayApplication(AdaptersModule.with(adapters.providers), {
    ...configuration,
    cursorKey: database.keyRing.derived('cursors'),
  });
  await application.listen({ port, host });
  const grpc = await startGatewayGrpc(application, { host, port: grpcPort!, commandTimeoutMs });
  return {
    offers: `REST at ${await application.getUrl()}, gRPC at port ${grpc.port}`,
    ready: () => application.get(GatewayReadiness, { strict: false }).state(),
    startDraining: () => application.get(Readiness, { strict: false }).startDraining(),
    stop: async () => {
      // It answers through the application, so it goes first.
      await grpc.stop();
      await application.close();
      await adapters.close();
      await database.close();
    },
  };
}
