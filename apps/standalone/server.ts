import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { openStandaloneDatabase, type StandaloneDatabase } from '#libs/profiles/standalone-database.js';
import { ensureFirstKey, type FirstKey } from '#libs/profiles/first-key.js';
import type { Profile } from '#libs/profiles/standalone.profile.js';
import type { Configuration } from '#libs/service-kit/configuration.js';
import { Readiness, type ReadyState } from '#libs/service-kit/health.js';
import { startObservation } from '#libs/service-kit/observation.js';

export interface RunningServer {
  url: string;
  /** `host:port` of the gRPC API; null when it is off. */
  grpcAddress: string | null;
  whereabouts: string;
  firstKey: FirstKey;
  /** Answers what was accepted, then stops everything in the order of the dependencies. */
  stop(): Promise<void>;
}

/** Who hears of what happens, in sentences. */
export interface Listeners {
  progress: (sentence: string) => void;
  /** Something went wrong and is tried again. */
  failed: (sentence: string) => void;
  /** The bundled database ended: no request can be answered any more. */
  lost: (sentence: string) => void;
}

/** Starts the whole product in this process. Resolves when it listens; the search index may still be filling. */
export async function startServer(configuration: Configuration, tell: Listeners): Promise<RunningServer> {
  let application: NestFastifyApplication | null = null;
  const observation = await startObservation(configuration, 'standalone', () => readiness(application));
  if (observation.adminUrl !== null) tell.progress(`Metrics and probes are at ${observation.adminUrl}`);
  const opening = openStandaloneDatabase(configuration, {
    holdFolder: 'take',
    onProgress: tell.progress,
    onUnexpectedExit: tell.lost,
  });
  // Loading the code takes longer than anything else at a start, so it is done while the database comes up.
  const loading = loadApplication();
  let database: StandaloneDatabase | null = null;
  let profile: Profile | null = null;
  let grpc: { port: number; stop(): Promise<void> } | null = null;
  const stop = async (): Promise<void> => {
    application?.get(Readiness, { strict: false }).startDraining();
    // It answers through the application, so it goes first.
    await grpc?.stop();
    await application?.close();
    await profile?.close();
    await database?.close();
    await observation.stop();
  };
  try {
    database = await opening;
    const { createGatewayApplication, standaloneProfile, StandaloneModule } = await loading;
    profile = await standaloneProfile(database, configuration, {
      failed: (error) => tell.failed(error.message),
      note: tell.progress,
    });
    const cursorKey = database.keyRing.derived('cursors');
    application = await createGatewayApplication(StandaloneModule.with(profile), { ...configuration, cursorKey });
    await application.listen({ port: configuration.port, host: configuration.host });
    grpc = await startGrpc(application, configuration);
    const grpcAddress = grpc && `${configuration.host}:${grpc.port}`;
    // Last, so that a start that fails has not made a key that nobody saw.
    const firstKey = await ensureFirstKey(database.tenants, configuration.firstApiKey);
    return { url: await application.getUrl(), grpcAddress, whereabouts: database.whereabouts, firstKey, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function readiness(application: NestFastifyApplication | null): Promise<ReadyState> {
  if (application === null) return { ready: false, detail: 'The server is starting.' };
  const { GatewayReadiness } = await import('#apps/gateway/gateway-readiness.js');
  return application.get(GatewayReadiness, { strict: false }).state();
}

/** Its code is loaded only where it is wanted. */
async function startGrpc(
  application: NestFastifyApplication,
  { grpcPort: port, host, commandTimeoutMs }: Configuration,
) {
  if (port === null) return null;
  const { startGatewayGrpc } = await import('#apps/gateway/grpc/gateway-grpc.js');
  return startGatewayGrpc(application, { host, port, commandTimeoutMs });
}

async function loadApplication() {
  const [gateway, profiles, modules] = await Promise.all([
    import('#apps/gateway/gateway-application.js'),
    import('#libs/profiles/standalone.profile.js'),
    import('./standalone.module.js'),
  ]);
  return { ...gateway, ...profiles, ...modules };
}
