import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

const description =
  'Long-term memory for AI agents. Every change is an event; answers to writes carry its position as `event_offset`, ' +
  'and a read with `min_position` holds everything up to there.';

/** The plugin's own policy upgrades to https, which a server on a plain address does not have. */
const pagePolicy =
  "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; frame-ancestors 'self'";

/** Describes the routes from their own schemas, at `/openapi.json` and, to browse, at `/docs`. Before the routes. */
export async function describeApi(fastify: FastifyInstance): Promise<void> {
  await fastify.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Memorystack', version: '1.0.0', description },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          header: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        },
      },
      security: [{ bearer: [] }, { header: [] }],
    },
  });
  // No badge of a validator elsewhere: the page asks this server alone.
  const uiConfig = { validatorUrl: null };
  await fastify.register(swaggerUi, { routePrefix: '/docs', staticCSP: pagePolicy, uiConfig });
  fastify.get('/openapi.json', { schema: { hide: true } }, () => fastify.swagger());
}
