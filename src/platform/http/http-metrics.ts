import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { InjectMetric, makeCounterProvider, makeHistogramProvider } from '@willsoto/nestjs-prometheus';
import type { FastifyInstance } from 'fastify';
import type { Counter, Histogram } from 'prom-client';

const REQUESTS = 'posthorn_http_requests_total';
const DURATION = 'posthorn_http_request_duration_seconds';
const labelNames = ['method', 'route', 'status_class'] as const;

export const httpMetricProviders = [
  makeCounterProvider({ name: REQUESTS, help: 'Answered API requests.', labelNames: [...labelNames] }),
  makeHistogramProvider({
    name: DURATION,
    help: 'From the arrival of a request to the end of its answer.',
    labelNames: [...labelNames],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5],
  }),
];

/** Latency and outcome of every request, by route template: never by path, which would make a series per id. */
@Injectable()
export class HttpMetrics implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    @InjectMetric(REQUESTS) private readonly requests: Counter<(typeof labelNames)[number]>,
    @InjectMetric(DURATION) private readonly duration: Histogram<(typeof labelNames)[number]>,
  ) {}

  onModuleInit(): void {
    const server = this.host.httpAdapter.getInstance<FastifyInstance>();
    server.addHook('onResponse', (request, reply, done) => {
      const labels = {
        method: request.method,
        route: request.routeOptions.url ?? 'unmatched',
        status_class: `${String(Math.floor(reply.statusCode / 100))}xx`,
      };
      this.requests.inc(labels);
      this.duration.observe(labels, reply.elapsedTime / 1_000);
      done();
    });
  }
}
