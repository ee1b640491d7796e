import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { HttpAdapter } from '#libs/service-kit/http-adapter.js';
import { createLogger, logRequest, NestLog } from '#libs/service-kit/logging.js';
import { ProblemFilter } from '#libs/service-kit/problem-filter.js';
import { observeRequests } from '#libs/service-kit/request-observation.js';
import { Authentication } from './access/authentication.js';
import { GatewayModule } from './gateway.module.js';
import { apiPath, type GatewayOptions } from './gateway-options.js';
import { describeApi } from './rest/openapi.js';

@Module({})
class GatewayRoot {}

/**
 * An HTTP application with every route of the API, initialised but not yet listening.
 * @param surroundings a module that makes the ports available everywhere (`global: true`) and whatever else runs here
 */
export async function createGatewayApplication(
  surroundings: Type | DynamicModule,
  options: GatewayOptions,
): Promise<NestFastifyApplication> {
  const logger = createLogger(options.logLevel, options.logDestination);
  const root: DynamicModule = { module: GatewayRoot, imports: [surroundings, GatewayModule.with(options)] };
  const application = await NestFactory.create<NestFastifyApplication>(root, new HttpAdapter(logger), {
    logger: new NestLog(logger),
    // Bodies are parsed by Fastify itself: see HttpAdapter.
    bodyParser: false,
    abortOnError: false,
  });
  const fastify = application.getHttpAdapter().getInstance();
  const authentication = application.get(Authentication, { strict: false });
  observeRequests(fastify, (route) => route.startsWith(`/${apiPath}`));
  fastify.decorateRequest('accessKey', null);
  fastify.addHook('onRequest', (request, reply) => authentication.admit(request, reply));
  fastify.addHook('onResponse', (request, reply, done) => {
    const { accessKey } = request;
    logRequest(request, reply, accessKey && { tenantId: accessKey.tenantId, keyId: accessKey.id });
    done();
  });
  await describeApi(fastify);
  application.useGlobalFilters(new ProblemFilter());
  await application.init();
  return application;
}
