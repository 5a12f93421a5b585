import { Injectable, type OnModuleInit } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Measurements } from '../../../platform/metrics/measurements';
import { defineGauge, type GaugeOf } from '../../../platform/metrics/metric';
import { OldestDue, QueueJobs } from '../../../platform/metrics/queue-metrics';
import { CountEndpoints } from './queries/count-endpoints';
import { GetQueueDepth } from './queries/get-queue-depth';

const of = 'installation';

const Workers = defineGauge('posthorn_workers_active', { of, help: 'Workers with a fresh heartbeat.' });
const Circuits = defineGauge('posthorn_circuit_open', {
  of,
  help: 'Endpoints that get nothing, or one probe at a time, because they fail.',
});
const Unpublished = defineGauge('posthorn_outbox_unpublished', {
  of,
  help: 'Accepted messages whose deliveries are not planned yet.',
});
const OldestUnpublished = defineGauge('posthorn_outbox_oldest_unpublished_age_seconds', {
  of,
  help: 'How long the oldest of them has waited.',
});
const Endpoints = defineGauge('posthorn_endpoints', {
  of,
  help: 'Endpoints by whether they get messages, and if not, who or what disabled them.',
  labels: { state: ['enabled', 'disabled_by_owner', 'disabled_as_gone', 'disabled_as_failing'] },
});

export const queueGaugeProviders = [Workers, Circuits, Unpublished, OldestUnpublished, Endpoints].map(({ provider }) => provider);

const DEPTH_MS = 5_000;
const ENDPOINTS_MS = 60_000;

/** What lies in the database, told by every process that is asked. */
@Injectable()
export class QueueGauges implements OnModuleInit {
  constructor(
    private readonly queries: QueryBus,
    private readonly measurements: Measurements,
    @InjectMetric(QueueJobs.name) private readonly jobs: GaugeOf<typeof QueueJobs>,
    @InjectMetric(OldestDue.name) private readonly oldest: GaugeOf<typeof OldestDue>,
    @InjectMetric(Workers.name) private readonly workers: GaugeOf<typeof Workers>,
    @InjectMetric(Circuits.name) private readonly circuits: GaugeOf<typeof Circuits>,
    @InjectMetric(Unpublished.name) private readonly unpublished: GaugeOf<typeof Unpublished>,
    @InjectMetric(OldestUnpublished.name) private readonly oldestUnpublished: GaugeOf<typeof OldestUnpublished>,
    @InjectMetric(Endpoints.name) private readonly endpoints: GaugeOf<typeof Endpoints>,
  ) {}

  onModuleInit(): void {
    this.measurements.add({
      name: 'deliveries',
      everyMs: DEPTH_MS,
      take: () => this.measureDepth(),
      forget: () => {
        this.forgetDepth();
      },
    });
    this.measurements.add({
      name: 'endpoints',
      everyMs: ENDPOINTS_MS,
      take: () => this.countEndpoints(),
      forget: () => {
        this.endpoints.reset();
      },
    });
  }

  private async measureDepth(): Promise<void> {
    const depth = await this.queries.execute(new GetQueueDepth());
    this.jobs.set({ queue: 'deliveries', state: 'waiting' }, depth.waiting);
    this.jobs.set({ queue: 'deliveries', state: 'delayed' }, depth.delayed);
    this.jobs.set({ queue: 'deliveries', state: 'active' }, depth.active);
    this.oldest.set({ queue: 'deliveries' }, depth.oldestDueSeconds);
    this.workers.set(depth.workers);
    this.circuits.set(depth.openCircuits);
    this.unpublished.set(depth.unpublished);
    this.oldestUnpublished.set(depth.oldestUnpublishedSeconds);
  }

  private forgetDepth(): void {
    for (const state of ['waiting', 'delayed', 'active']) this.jobs.remove({ queue: 'deliveries', state });
    this.oldest.remove({ queue: 'deliveries' });
    for (const gauge of [this.workers, this.circuits, this.unpublished, this.oldestUnpublished]) gauge.remove();
  }

  private async countEndpoints(): Promise<void> {
    const counts = await this.queries.execute(new CountEndpoints());
    this.endpoints.set({ state: 'enabled' }, counts.enabled);
    this.endpoints.set({ state: 'disabled_by_owner' }, counts.disabledByOwner);
    this.endpoints.set({ state: 'disabled_as_gone' }, counts.disabledAsGone);
    this.endpoints.set({ state: 'disabled_as_failing' }, counts.disabledAsFailing);
  }
}
