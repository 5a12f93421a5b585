import { Inject, Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter, Gauge, Histogram } from 'prom-client';
import { CONFIG, type Config } from '../../../config/env';
import { CONNECTION_REASONS } from '../../../platform/destinations/attempt-outcome';
import { reasonsOfKinds } from '../../../platform/destinations/destinations';
import {
  type CounterOf,
  defineCounter,
  defineGauge,
  defineHistogram,
  type GaugeOf,
  type HistogramOf,
} from '../../../platform/metrics/metric';
import type { Attempt } from './domain/attempt';
import { TRANSFORMATION_REASONS } from './domain/attempt-outcome';
import type { ClaimedDelivery } from './domain/claimed-delivery';

const OUTCOMES = ['success', 'failure'] as const;
const REASONS = ['ok', ...CONNECTION_REASONS, ...reasonsOfKinds(), ...TRANSFORMATION_REASONS];

const Attempts = defineCounter('posthorn_delivery_attempts_total', {
  from: 'worker',
  help: 'Attempts to bring a message to an endpoint.',
  labels: { outcome: OUTCOMES, reason: REASONS, attempt: ['first', 'retry', 'manual'] },
});
const Duration = defineHistogram('posthorn_delivery_attempt_duration_seconds', {
  from: 'worker',
  help: 'Time of one attempt at an endpoint.',
  labels: { outcome: OUTCOMES },
  buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30],
});
const Lag = defineHistogram('posthorn_delivery_lag_seconds', {
  from: 'worker',
  help: 'From the acceptance of a message to the start of its first attempt.',
  buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
});
const Slots = defineGauge('posthorn_worker_slots', {
  from: 'worker',
  help: 'Deliveries that this worker has under way, and for how many more it has room.',
  labels: { state: ['busy', 'free'] },
});

export const deliveryMetricProviders = [Attempts, Duration, Lag, Slots].map(({ provider }) => provider);

type Kept<T> = Map<string, T>;

/** What a worker does. Children of metrics are kept by their labels: to find them costs more than to count. */
@Injectable()
export class DeliveryMetrics {
  private readonly maxInFlight: number;
  private readonly attemptsBy: Kept<Counter.Internal> = new Map();
  private readonly durationBy: Kept<Histogram.Internal<string>> = new Map();
  private readonly busy: Gauge.Internal<string>;
  private readonly free: Gauge.Internal<string>;

  constructor(
    @Inject(CONFIG) { delivery }: Config,
    @InjectMetric(Attempts.name) private readonly attempts: CounterOf<typeof Attempts>,
    @InjectMetric(Duration.name) private readonly duration: HistogramOf<typeof Duration>,
    @InjectMetric(Lag.name) private readonly lag: HistogramOf<typeof Lag>,
    @InjectMetric(Slots.name) slots: GaugeOf<typeof Slots>,
  ) {
    this.maxInFlight = delivery.maxInFlight;
    this.busy = slots.labels({ state: 'busy' });
    this.free = slots.labels({ state: 'free' });
    this.inFlight(0);
  }

  inFlight(count: number): void {
    this.busy.set(count);
    this.free.set(this.maxInFlight - count);
  }

  attempted(delivery: ClaimedDelivery, { succeeded, reason, responseDurationMs, attemptedAt }: Attempt): void {
    const outcome = succeeded ? 'success' : 'failure';
    const first = delivery.attemptsBefore === 0;
    const attempt = delivery.triggerType === 1 ? 'manual' : first ? 'first' : 'retry';
    kept(this.attemptsBy, `${attempt} ${reason}`, () => this.attempts.labels({ outcome, reason, attempt })).inc();
    kept(this.durationBy, outcome, () => this.duration.labels({ outcome })).observe(responseDurationMs / 1_000);
    if (first) this.lag.observe(Math.max(0, attemptedAt.getTime() - delivery.acceptedAt.getTime()) / 1_000);
  }
}

function kept<T>(children: Kept<T>, key: string, make: () => T): T {
  const known = children.get(key);
  if (known) return known;
  const made = make();
  children.set(key, made);
  return made;
}
