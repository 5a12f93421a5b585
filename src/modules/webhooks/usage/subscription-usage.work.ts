import { QueryBus } from '@nestjs/cqrs';
import { type StepResult, type Task, TaskSteps, TaskWork } from '../../tasks';
import { ListSubscriptions, type SubscriptionsView } from './queries/list-subscriptions';

export type SubscriptionUsageCursor = { readonly afterId: string; readonly found: readonly SubscriptionsView[] };

const BATCH = 100;

/** What the endpoints of each application subscribe to. */
@TaskSteps('event-type.aggregate')
export class SubscriptionUsage extends TaskWork<object, SubscriptionUsageCursor> {
  constructor(private readonly queries: QueryBus) {
    super();
  }

  override async step({ organizationId, cursor }: Task<object, SubscriptionUsageCursor>): Promise<StepResult<SubscriptionUsageCursor>> {
    if (organizationId === null) throw new Error('Usage without an organization.');
    const { afterId, found } = cursor ?? { afterId: '', found: [] };
    const page = await this.queries.execute(new ListSubscriptions(organizationId, afterId, BATCH));
    const all = [...found, ...page];
    const last = page.at(-1);
    // `event_types` is its name on the wire, unlike all others.
    if (!last || page.length < BATCH) return { cursor: { afterId, found: [] }, done: true, result: { event_types: all } };
    return { cursor: { afterId: last.appId, found: all }, done: false };
  }
}
