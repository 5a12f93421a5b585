import type { IQuery, QueryBus } from '@nestjs/cqrs';
import { ApplicationUsage, type ApplicationUsageCursor, nextSlice } from './application-usage.work';
import { CountDestinations } from './queries/count-destinations';
import { FindApplications } from './queries/find-applications';
import { ListApplicationIds } from './queries/list-application-ids';

const APPLICATIONS = Array.from({ length: 130 }, (_, n) => `app_${String(n).padStart(3, '0')}`);
const input = { since: '2026-01-01T00:00:00.000Z', until: '2026-02-01T00:00:00.000Z', applicationIds: null, unresolved: ['x'] };

describe('the usage of applications', () => {
  /** One delivery for each hour of each application. */
  const counted: CountDestinations[] = [];
  const answer = async (query: IQuery): Promise<unknown> => {
    if (query instanceof ListApplicationIds) {
      const ids = APPLICATIONS.filter((id) => id > query.afterId).slice(0, query.limit);
      return { ids, total: APPLICATIONS.length };
    }
    if (query instanceof FindApplications) return query.refs.map((ref) => ({ ref, id: ref, uid: `uid-${ref}` }));
    if (!(query instanceof CountDestinations)) throw new Error(`Nobody answers ${query.constructor.name}.`);
    counted.push(query);
    return new Map(query.applicationIds.map((id) => [id, (query.until.getTime() - query.since.getTime()) / 3_600_000]));
  };

  it('is counted once for each moment and application, whatever the slices', async () => {
    const work = new ApplicationUsage({ execute: answer } as unknown as QueryBus);
    let cursor: ApplicationUsageCursor | null = null;
    for (let steps = 0; steps < 50; steps++) {
      const step = await work.step({ id: 'qtask_1', input, cursor, organizationId: 'org_1', userId: null });
      cursor = step.cursor;
      if (!step.done) continue;
      const { appStats } = step.result as { appStats: object[] };
      expect(step.result).toMatchObject({ unresolvedAppIds: ['x'] });
      expect(appStats).toEqual(APPLICATIONS.map((appId) => ({ appId, appUid: `uid-${appId}`, messageDestinations: 31 * 24 })));
      break;
    }
    expect(counted.length).toBeGreaterThan(1);
    expect(cursor?.total).toBe(APPLICATIONS.length);
  });

  it('looks at more time when it is fast, at less when it is slow, and at a minute at least', () => {
    expect(nextSlice(3_600_000, 10)).toBe(14_400_000);
    expect(nextSlice(3_600_000, 500)).toBe(3_600_000);
    expect(nextSlice(3_600_000, 5_000)).toBe(900_000);
    expect(nextSlice(60_000, 5_000)).toBe(60_000);
  });
});
