import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { type CounterOf, defineCounter } from '../../../platform/metrics/metric';

const Disabled = defineCounter('posthorn_endpoint_auto_disabled_total', {
  help: 'Endpoints that were disabled for what their receivers do.',
  labels: { reason: ['gone', 'failing'] },
});

export const endpointMetricProviders = [Disabled.provider];

@Injectable()
export class EndpointMetrics {
  constructor(@InjectMetric(Disabled.name) private readonly counter: CounterOf<typeof Disabled>) {}

  disabled(reason: string): void {
    this.counter.inc({ reason });
  }
}
