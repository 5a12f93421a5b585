import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { type CounterOf, defineCounter } from '../../../platform/metrics/metric';
import { DuplicateEventId } from './domain/message.errors';

const Accepted = defineCounter('posthorn_messages_accepted_total', {
  help: 'Messages handed in, single or in batches, by what became of them.',
  labels: { outcome: ['accepted', 'duplicate', 'rejected'] },
});

export const messageMetricProviders = [Accepted.provider];

@Injectable()
export class MessageMetrics {
  constructor(@InjectMetric(Accepted.name) private readonly counter: CounterOf<typeof Accepted>) {}

  taken(results: readonly object[]): void {
    for (const result of results)
      this.counter.inc({ outcome: result instanceof DuplicateEventId ? 'duplicate' : result instanceof Error ? 'rejected' : 'accepted' });
  }
}
