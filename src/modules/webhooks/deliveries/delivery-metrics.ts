import { Injectable } from '@nestjs/common';
import { InjectMetric, makeCounterProvider, makeGaugeProvider, makeHistogramProvider } from '@willsoto/nestjs-prometheus';
import type { Counter, Gauge, Histogram } from 'prom-client';
import type { Attempt } from './domain/attempt';
import type { ClaimedDelivery } from './domain/claimed-delivery';
import type { QueueDepth } from './queries/get-queue-depth';

const ATTEMPTS = 'posthorn_delivery_attempts_total';
const DURATION = 'posthorn_delivery_attempt_duration_seconds';
const LAG = 'posthorn_delivery_lag_seconds';
const SLOTS = 'posthorn_worker_slots';
const JOBS = 'posthorn_queue_jobs';
const OLDEST = 'posthorn_queue_oldest_due_age_seconds';
const WORKERS = 'posthorn_workers_active';
const CIRCUITS = 'posthorn_circuit_open';
const UNPUBLISHED = 'posthorn_outbox_unpublished';
const OLDEST_UNPUBLISHED = 'posthorn_outbox_oldest_unpublished_age_seconds';

export const deliveryMetricProviders = [
  makeCounterProvider({ name: ATTEMPTS, help: 'HTTP requests to endpoints.', labelNames: ['outcome', 'reason', 'attempt'] }),
  makeHistogramProvider({
    name: DURATION,
    help: 'Time of one request to an endpoint.',
    labelNames: ['outcome'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30],
  }),
  makeHistogramProvider({
    name: LAG,
    help: 'From the acceptance of a message to the start of its first attempt.',
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
  }),
  makeGaugeProvider({ name: SLOTS, help: 'Deliveries in flight in this worker.', labelNames: ['state'] }),
  makeGaugeProvider({ name: JOBS, help: 'Work by queue and state.', labelNames: ['queue', 'state'] }),
  makeGaugeProvider({ name: OLDEST, help: 'How long the oldest due work has waited.', labelNames: ['queue'] }),
  makeGaugeProvider({ name: WORKERS, help: 'Workers with a fresh heartbeat.' }),
  makeGaugeProvider({ name: CIRCUITS, help: 'Endpoints that get nothing, or one probe at a time, because they fail.' }),
  makeGaugeProvider({ name: UNPUBLISHED, help: 'Committed messages and events that wait for their relay.' }),
  makeGaugeProvider({ name: OLDEST_UNPUBLISHED, help: 'How long the oldest of them has waited.' }),
];

type Labels<T> = Map<string, T>;

/** Children are kept by their labels: to find them costs more than to count. */
@Injectable()
export class DeliveryMetrics {
  private readonly attemptsBy: Labels<Counter.Internal> = new Map();
  private readonly durationBy: Labels<Histogram.Internal<string>> = new Map();
  private readonly busy: Gauge.Internal<string>;

  constructor(
    @InjectMetric(ATTEMPTS) private readonly attempts: Counter,
    @InjectMetric(DURATION) private readonly duration: Histogram,
    @InjectMetric(LAG) private readonly lag: Histogram,
    @InjectMetric(SLOTS) slots: Gauge,
    @InjectMetric(JOBS) private readonly jobs: Gauge,
    @InjectMetric(OLDEST) private readonly oldest: Gauge,
    @InjectMetric(WORKERS) private readonly workers: Gauge,
    @InjectMetric(CIRCUITS) private readonly circuits: Gauge,
    @InjectMetric(UNPUBLISHED) private readonly unpublished: Gauge,
    @InjectMetric(OLDEST_UNPUBLISHED) private readonly oldestUnpublished: Gauge,
  ) {
    this.busy = slots.labels({ state: 'busy' });
  }

  inFlight(count: number): void {
    this.busy.set(count);
  }

  attempted(delivery: ClaimedDelivery, { succeeded, reason, responseDurationMs, attemptedAt }: Attempt): void {
    const outcome = succeeded ? 'success' : 'failure';
    const first = delivery.attemptsBefore === 0;
    const attempt = delivery.triggerType === 1 ? 'manual' : first ? 'first' : 'retry';
    kept(this.attemptsBy, `${attempt} ${reason}`, () => this.attempts.labels({ outcome, reason, attempt })).inc();
    kept(this.durationBy, outcome, () => this.duration.labels({ outcome })).observe(responseDurationMs / 1_000);
    if (first) this.lag.observe(Math.max(0, attemptedAt.getTime() - delivery.acceptedAt.getTime()) / 1_000);
  }

  depth(depth: QueueDepth): void {
    this.jobs.set({ queue: 'deliveries', state: 'waiting' }, depth.waiting);
    this.jobs.set({ queue: 'deliveries', state: 'delayed' }, depth.delayed);
    this.jobs.set({ queue: 'deliveries', state: 'active' }, depth.active);
    this.oldest.set({ queue: 'deliveries' }, depth.oldestDueSeconds);
    this.workers.set(depth.workers);
    this.circuits.set(depth.openCircuits);
    this.unpublished.set(depth.unpublished);
    this.oldestUnpublished.set(depth.oldestUnpublishedSeconds);
  }
}

function kept<T>(children: Labels<T>, key: string, make: () => T): T {
  const known = children.get(key);
  if (known) return known;
  const made = make();
  children.set(key, made);
  return made;
}
