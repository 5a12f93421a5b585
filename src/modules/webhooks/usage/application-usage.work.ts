import { QueryBus } from '@nestjs/cqrs';
import { type StepResult, type Task, TaskSteps, TaskWork } from '../../tasks';
import { CountDestinations } from './queries/count-destinations';
import { FindApplications } from './queries/find-applications';
import { ListApplicationIds } from './queries/list-application-ids';

/** Times are ISO. */
export type ApplicationUsageInput = {
  readonly since: string;
  readonly until: string;
  /** Null: all that there are. */
  readonly applicationIds: readonly string[] | null;
  readonly unresolved: readonly string[];
};

export type ApplicationUsageCursor = {
  /** Up to this application all is counted. */
  readonly afterId: string;
  /** Up to this moment the next ones are. */
  readonly from: string;
  readonly sliceMs: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly total: number;
};

const BATCH = 100;
const FIRST_SLICE_MS = 3_600_000;
const MIN_SLICE_MS = 60_000;
/** A step that was faster looks at more time the next time, and a slower one at less. */
const FAST_MS = 250;
const SLOW_MS = 1_000;
const FACTOR = 4;

/** Deliveries of each application in a time: of a hundred applications at a time, by as much time as a step can take. */
@TaskSteps('application.stats')
export class ApplicationUsage extends TaskWork<ApplicationUsageInput, ApplicationUsageCursor> {
  constructor(private readonly queries: QueryBus) {
    super();
  }

  override async step(task: Task<ApplicationUsageInput, ApplicationUsageCursor>): Promise<StepResult<ApplicationUsageCursor>> {
    const { organizationId, input } = task;
    if (organizationId === null) throw new Error('Usage without an organization.');
    const cursor = task.cursor ?? { afterId: '', from: input.since, sliceMs: FIRST_SLICE_MS, counts: {}, total: 0 };
    const { ids, total } = await this.queries.execute(new ListApplicationIds(organizationId, input.applicationIds, cursor.afterId, BATCH));
    const lastId = ids.at(-1);
    if (lastId === undefined) return { cursor, done: true, result: await this.result(organizationId, input, cursor.counts) };

    const from = new Date(cursor.from);
    const to = new Date(Math.min(from.getTime() + cursor.sliceMs, Date.parse(input.until)));
    const begun = performance.now();
    const found = await this.queries.execute(new CountDestinations(organizationId, ids, from, to));
    const counts = { ...cursor.counts };
    for (const id of ids) counts[id] = (counts[id] ?? 0) + (found.get(id) ?? 0);
    const next = { sliceMs: nextSlice(cursor.sliceMs, performance.now() - begun), counts, total: Math.max(cursor.total, total) };
    const finished = to.toISOString() >= input.until;
    return {
      cursor: finished ? { ...next, afterId: lastId, from: input.since } : { ...next, afterId: cursor.afterId, from: to.toISOString() },
      done: false,
      progress: { done: Object.keys(counts).length - (finished ? 0 : ids.length), total: next.total },
    };
  }

  private async result(organizationId: string, { unresolved }: ApplicationUsageInput, counts: ApplicationUsageCursor['counts']) {
    const ids = Object.keys(counts);
    const applications = await this.queries.execute(new FindApplications(organizationId, ids));
    const uids = new Map(applications.map(({ id, uid }) => [id, uid]));
    const appStats = ids.map((appId) => ({ appId, appUid: uids.get(appId) ?? null, messageDestinations: counts[appId] ?? 0 }));
    return { appStats, unresolvedAppIds: unresolved };
  }
}

export function nextSlice(sliceMs: number, tookMs: number): number {
  if (tookMs < FAST_MS) return sliceMs * FACTOR;
  return tookMs > SLOW_MS ? Math.max(MIN_SLICE_MS, sliceMs / FACTOR) : sliceMs;
}
