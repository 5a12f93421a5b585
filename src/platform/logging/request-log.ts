import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { traceIds } from '../tracing/trace-context';

/**
 * One line for each request. A hook of the server and not the middleware of nestjs-pino: that makes two loggers and a context
 * for every request, and looks through each line for secrets, which here cannot be.
 */
@Injectable()
export class RequestLog implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    const server = this.host.httpAdapter.getInstance<FastifyInstance>();
    server.addHook('onResponse', (request, { statusCode, elapsedTime }, done) => {
      const line = { ...told(request), res: { statusCode }, responseTime: Math.round(elapsedTime) };
      if (statusCode >= 500) this.logger.error(line, 'request errored');
      else this.logger.info(line, 'request completed');
      done();
    });
    server.addHook('onRequestAbort', (request, done) => {
      this.logger.info(told(request), 'request aborted');
      done();
    });
  }
}

function told({ id, method, url, trace }: FastifyRequest) {
  return { requestId: id, ...traceIds(trace), req: { method, path: url.split('?', 1)[0]?.slice(0, 300) } };
}
