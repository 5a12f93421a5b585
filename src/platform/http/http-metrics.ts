import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { FastifyInstance } from 'fastify';
import { type CounterOf, defineCounter, defineHistogram, type HistogramOf } from '../metrics/metric';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'other'] as const;
/** Counted as pairs, since each route has its methods; a test holds them against the API. */
const route = { kind: 'template of a route', atMost: 160 };
const method = { kind: 'of the route', atMost: 1 };

const HttpRequests = defineCounter('posthorn_http_requests_total', {
  from: 'api',
  help: 'Answered API requests.',
  labels: { method, route, status_class: ['2xx', '3xx', '4xx', '5xx'] },
});
const HttpDuration = defineHistogram('posthorn_http_request_duration_seconds', {
  from: 'api',
  help: 'From the arrival of a request to the end of its answer.',
  labels: { method, route },
  // Few, since each is a series for each route: modules that are added bring routes of their own.
  buckets: [0.01, 0.05, 0.2, 1],
});

export const httpMetricProviders = [HttpRequests.provider, HttpDuration.provider];

/** Latency and outcome of every request, by route template: never by path, which would make a series per id. */
@Injectable()
export class HttpMetrics implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    @InjectMetric(HttpRequests.name) private readonly requests: CounterOf<typeof HttpRequests>,
    @InjectMetric(HttpDuration.name) private readonly duration: HistogramOf<typeof HttpDuration>,
  ) {}

  onModuleInit(): void {
    const server = this.host.httpAdapter.getInstance<FastifyInstance>();
    server.addHook('onResponse', (request, reply, done) => {
      const labels = {
        method: METHODS.find((known) => known === request.method) ?? 'other',
        route: request.routeOptions.url ?? 'unmatched',
      };
      this.requests.inc({ ...labels, status_class: `${String(Math.floor(reply.statusCode / 100))}xx` });
      this.duration.observe(labels, reply.elapsedTime / 1_000);
      done();
    });
  }
}
