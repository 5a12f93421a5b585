import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Sql } from '../database/sql';
import { Measurements } from '../metrics/measurements';
import type { GaugeOf } from '../metrics/metric';
import { OldestDue, QueueJobs } from '../metrics/queue-metrics';

type ObserverDepth = { waiting: number; delayed: number; active: number; failed: number; oldestDueSeconds: number };

/** The table holds what is not done yet; of a backlog beyond this no more is counted. */
const MAX_COUNTED = 100_000;
const EVERY_MS = 5_000;

const STATEMENT = {
  name: 'observer_job.depth',
  text: `
    WITH open_ AS MATERIALIZED (
      SELECT due_at, lease_until FROM observer_job WHERE failed_at IS NULL ORDER BY due_at LIMIT ${MAX_COUNTED}
    )
    SELECT count(*) FILTER (WHERE due_at <= now() AND NOT held)::int AS waiting, count(*) FILTER (WHERE due_at > now() AND NOT held)::int AS delayed,
           count(*) FILTER (WHERE held)::int AS active,
           (SELECT count(*)::int FROM (SELECT FROM observer_job WHERE failed_at IS NOT NULL LIMIT ${MAX_COUNTED}) f) AS failed,
           coalesce(extract(epoch FROM now() - min(due_at) FILTER (WHERE due_at <= now() AND NOT held)), 0)::float8 AS "oldestDueSeconds"
      FROM (SELECT due_at, coalesce(lease_until > now(), false) AS held FROM open_) o`,
};

/** Duties of observers: mail, audit trails, operational webhooks. */
@Injectable()
export class ObserverGauges implements OnModuleInit {
  constructor(
    private readonly sql: Sql,
    private readonly measurements: Measurements,
    @InjectMetric(QueueJobs.name) private readonly jobs: GaugeOf<typeof QueueJobs>,
    @InjectMetric(OldestDue.name) private readonly oldest: GaugeOf<typeof OldestDue>,
  ) {}

  onModuleInit(): void {
    this.measurements.add({
      name: 'observers',
      everyMs: EVERY_MS,
      take: () => this.measure(),
      forget: () => {
        for (const state of ['waiting', 'delayed', 'active', 'failed']) this.jobs.remove({ queue: 'observers', state });
        this.oldest.remove({ queue: 'observers' });
      },
    });
  }

  private async measure(): Promise<void> {
    const [depth] = await this.sql.run<ObserverDepth>(STATEMENT);
    if (!depth) throw new Error('An aggregate without a row.');
    const { oldestDueSeconds, ...jobs } = depth;
    for (const [state, count] of Object.entries(jobs)) this.jobs.set({ queue: 'observers', state }, count);
    this.oldest.set({ queue: 'observers' }, oldestDueSeconds);
  }
}
