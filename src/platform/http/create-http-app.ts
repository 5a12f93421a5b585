import cookie from '@fastify/cookie';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { Logger } from 'nestjs-pino';
import { IdempotencyGuard, REPLAYED_HEADER } from '../idempotency/idempotency.guard';
import { newId } from '../ids/id';
import { VERSION } from '../version';
import { announceFarewell } from './farewell';
import { acceptJsonBodies } from './json-body.parser';
import { serveOpenApi } from './openapi';
import { ProblemFilter } from './problem.filter';
import { runInRequestContext } from './request-context';
import { traceRequests } from './request-spans';
import { SchemaPipe } from './validation';

/** Routes outside `/api/v1`. */
const UNPREFIXED = [
  '/',
  'docs/errors',
  'livez',
  'readyz',
  'verify-email',
  'reset-password',
  'confirm-email-change',
  'accept-invitation',
  'dev/{*path}',
];

/** A whole request must arrive within this; slower senders are cut off. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than the 60 s that load balancers keep idle connections, so that they close first. */
const KEEP_ALIVE_MS = 65_000;

export type HttpSettings = {
  readonly publicUrl: string;
  readonly maxBodyBytes: number;
  /** Networks whose `X-Forwarded-For` says where a request comes from. */
  readonly trustedProxies: readonly string[];
};

/** The API application, ready to listen or to be injected. */
export async function createHttpApp(
  module: DynamicModule,
  { publicUrl, maxBodyBytes, trustedProxies }: HttpSettings,
): Promise<NestFastifyApplication> {
  const problems = new ProblemFilter(publicUrl);
  const adapter = new FastifyAdapter({
    bodyLimit: maxBodyBytes,
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Node takes the shorter one for the headers, whichever it is, and looks for slow senders every half minute unless told otherwise.
    http: { headersTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: 1_000 },
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 1_024 },
    genReqId: requestId,
    // Paths that no router can read: they never get as far as Nest.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => void problems.answer(error, request, reply),
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));
  const server = adapter.getInstance();
  acceptJsonBodies(server);
  await app.register(cookie);
  server.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    done();
  });
  traceRequests(server);
  runInRequestContext(server);
  announceFarewell(app);
  // No list of headers: the plugin then mirrors those that the browser asks for.
  app.enableCors({
    origin: '*',
    methods: ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE'],
    exposedHeaders: ['x-request-id', REPLAYED_HEADER, 'retry-after', 'ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'],
    maxAge: 86_400,
  });
  app.setGlobalPrefix('api/v1', { exclude: UNPREFIXED });
  app.useGlobalGuards(app.get(IdempotencyGuard));
  app.useGlobalPipes(new SchemaPipe());
  app.useGlobalFilters(problems);
  serveOpenApi(app, VERSION);
  await app.init();
  await server.ready();
  return app;
}

/** The sender's own id if it is harmless in logs and headers, else a new one. The log middleware sees the raw request only. */
function requestId(raw: IncomingMessage): string {
  const given = raw.headers['x-request-id'];
  const id = typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : newId('req');
  return ((raw as IncomingMessage & { id?: string }).id = id);
}
