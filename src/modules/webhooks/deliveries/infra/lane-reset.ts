import { Injectable, type OnModuleInit } from '@nestjs/common';
import { TypeOrmUnitOfWork } from '../../../../platform/database/unit-of-work';
import { Outbox, type StampedEvent } from '../../../../platform/outbox/outbox';
import { EndpointEnabled } from '../../endpoints';

/** What failed before says nothing any more; and what waits there is worth a look now. */
const RESET = `
  UPDATE delivery_lane SET failing_since = NULL, failures = 0, strikes = 0, open_until = NULL, due_at = least(due_at, now()) WHERE endpoint_id = ANY ($1::text[])`;

/**
 * Who is enabled begins anew, in the same transaction: a moment later the failures of old would have disabled the endpoint
 * again.
 */
@Injectable()
export class LaneReset implements OnModuleInit {
  constructor(
    private readonly outbox: Outbox,
    private readonly uow: TypeOrmUnitOfWork,
  ) {}

  onModuleInit(): void {
    this.outbox.join((events) => this.reset(events));
  }

  private async reset(events: readonly StampedEvent[]): Promise<void> {
    const enabled = events.filter(({ type }) => type === EndpointEnabled.type);
    if (enabled.length === 0) return;
    await this.uow.manager.query(RESET, [enabled.map(({ payload }) => (payload as { endpointId: string }).endpointId)]);
  }
}
