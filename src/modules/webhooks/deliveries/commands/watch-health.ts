import { Inject } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CONFIG, type Config } from '../../../../config/env';
import { TypeOrmUnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventRecorder } from '../../../../platform/events/event-recorder';
import { firstIdAt } from '../../../../platform/ids/id';
import { Clock } from '../../../../platform/time/clock';
import { DisableEndpoint, EndpointFailing } from '../../endpoints';
import { endOf, MILESTONES, MIN_FAILURES, triedSince } from '../domain/failing';

/** Warns of endpoints where nothing arrives any more, and in the end disables them. @returns how many it was about */
export class WatchHealth extends Command<number> {}

/** Their lanes are locked until the commit, so there are few at a time. */
const BATCH = 20;

/**
 * Finds lanes that have passed a milestone and marks them in one statement, so that of many workers one tells it. $1 the period in
 * seconds; $2 milestones in percent; $3 the first of them; $4 failures at least; $5 first id of an attempt that is recent.
 */
const STATEMENT = `
  WITH failing AS (
    SELECT l.endpoint_id, e.organization_id, e.application_id, way.percent
      FROM delivery_lane l
      JOIN endpoint e ON e.id = l.endpoint_id
      JOIN application a ON a.id = e.application_id
     CROSS JOIN LATERAL (
       SELECT max(percent) AS percent FROM unnest($2::int[]) percent
        WHERE l.failing_since <= now() - make_interval(secs => $1::float8 * percent / 100)
     ) way
     WHERE l.failing_since <= now() - make_interval(secs => $1::float8 * $3::int / 100)
       AND l.failures >= $4
       AND (l.warned_since IS DISTINCT FROM l.failing_since OR l.warned_percent < way.percent)
       AND NOT e.disabled AND e.deleted_at IS NULL AND a.deleted_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM closed_organization c WHERE c.organization_id = e.organization_id AND c.closed)
       AND EXISTS (SELECT 1 FROM attempt t WHERE t.endpoint_id = l.endpoint_id AND t.id >= $5)
     ORDER BY l.failing_since
     LIMIT $6 FOR UPDATE OF l SKIP LOCKED
  ), marked AS (
    UPDATE delivery_lane l SET warned_since = l.failing_since, warned_percent = f.percent
      FROM failing f WHERE f.endpoint_id = l.endpoint_id
    RETURNING l.endpoint_id AS "endpointId", f.organization_id AS "organizationId", f.application_id AS "applicationId", f.percent,
              l.failures, l.failing_since AS "failingSince"
  )
  SELECT * FROM marked`;

type Failing = {
  endpointId: string;
  organizationId: string;
  applicationId: string;
  percent: number;
  failures: number;
  failingSince: Date;
};

@CommandHandler(WatchHealth)
export class WatchHealthHandler implements ICommandHandler<WatchHealth> {
  private readonly periodSeconds: number;

  constructor(
    private readonly uow: TypeOrmUnitOfWork,
    private readonly recorder: EventRecorder,
    private readonly commands: CommandBus,
    private readonly clock: Clock,
    @Inject(CONFIG) { delivery }: Config,
  ) {
    this.periodSeconds = delivery.disableAfterSeconds;
  }

  async execute(): Promise<number> {
    if (this.periodSeconds === 0) return 0;
    let total = 0;
    for (;;) {
      const found = await this.uow.run(() => this.watch());
      total += found;
      if (found < BATCH) return total;
    }
  }

  private async watch(): Promise<number> {
    const recent = firstIdAt('atmpt', triedSince(this.clock.now(), this.periodSeconds));
    const values = [this.periodSeconds, MILESTONES, MILESTONES[0], MIN_FAILURES, recent, BATCH];
    const failing = await this.uow.manager.query<Failing[]>(STATEMENT, values);
    for (const endpoint of failing) await this.tell(endpoint);
    return failing.length;
  }

  private async tell({ endpointId, organizationId, applicationId, percent, failures, failingSince }: Failing): Promise<void> {
    if (percent === MILESTONES.at(-1)) {
      await this.commands.execute(new DisableEndpoint(organizationId, applicationId, endpointId, 'failing', failingSince));
      return;
    }
    const disablesAt = endOf(failingSince, this.periodSeconds).toISOString();
    const fact = { applicationId, endpointId, percent, failures, failingSince: failingSince.toISOString(), disablesAt };
    await this.recorder.record(EndpointFailing(fact), organizationId);
  }
}
