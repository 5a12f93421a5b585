import { columnContext } from '../../../../platform/crypto/encrypted-column';
import { ensurePartitions } from '../../../../platform/database/partitions';
import { firstIdAt } from '../../../../platform/ids/id';
import { FixedClock } from '../../../../platform/testing/fixed-clock';
import { openTestStore, type TestStore } from '../../../../../test/support/store';
import { ListAttempts, ListAttemptsHandler } from './list-attempts';

const DAY_MS = 86_400_000;
const NOW = new Date('2031-06-30T12:00:00Z');
const ORGANIZATION = 'org_1';
/** More than the first look takes, so that the rare ones are looked for by their label. */
const COMMON = 1_200;

const daysAgo = (days: number) => new Date(NOW.getTime() - days * DAY_MS);

describe('Attempts of an endpoint by a label that few messages have', () => {
  let db: TestStore;

  beforeAll(async () => {
    db = await openTestStore();
    for (const days of [61, 60, 59, 57, 50, 0]) await ensurePartitions((text, values) => db.dataSource.query(text, values), daysAgo(days));
    await db.sql.run(
      `INSERT INTO attempt (id, organization_id, application_id, message_id, endpoint_id, event_type, status, reason, response_status_code,
                            response_duration_ms, trigger_type, url, response, attempted_at)
       SELECT $1 || lpad(i::text, 12, '0'), $2, 'app_1', 'msg_common', 'ep_1', 'a', 0, 'ok', 200, 1, 0, '', '', $3
         FROM generate_series(1, $4::int) i`,
      [firstIdAt('atmpt', daysAgo(0)).slice(0, -12), ORGANIZATION, daysAgo(0), COMMON],
    );
  });
  afterAll(() => db.close());

  async function message(days: number): Promise<string> {
    const id = firstIdAt('msg', daysAgo(days));
    await db.sql.run(
      `INSERT INTO message (id, organization_id, application_id, event_type, channels, tags, created_at) VALUES ($1, $2, 'app_1', 'a', '{rare}', '{rare}', $3)`,
      [id, ORGANIZATION, daysAgo(days)],
    );
    return id;
  }
  async function attempt(messageId: string, days: number, endpoint = 'ep_1'): Promise<string> {
    const id = firstIdAt('atmpt', daysAgo(days));
    const url = await db.cipher.seal(ORGANIZATION, columnContext('attempt', 'url', id), Buffer.from('https://example.com/'));
    await db.sql.run(
      `INSERT INTO attempt (id, organization_id, application_id, message_id, endpoint_id, event_type, status, reason, response_status_code,
                            response_duration_ms, trigger_type, url, response, attempted_at)
       VALUES ($1, $2, 'app_1', $3, $4, 'a', 2, 'ok', 500, 1, 0, $5, '', $6)`,
      [id, ORGANIZATION, messageId, endpoint, url, daysAgo(days)],
    );
    return id;
  }
  const settled = (messageId: string, days: number, endpoint = 'ep_1') =>
    db.sql.run(
      `INSERT INTO settled_delivery (message_id, endpoint_id, organization_id, application_id, event_type, status, reason, attempt_count, settled_at)
       VALUES ($1, $2, $3, 'app_1', 'a', 0, 'ok', 1, $4)`,
      [messageId, endpoint, ORGANIZATION, daysAgo(days)],
    );
  const pending = (messageId: string) =>
    db.sql.run(
      `INSERT INTO pending_delivery (message_id, endpoint_id, organization_id, application_id, event_type, next_at, accepted_at)
       VALUES ($1, 'ep_1', $2, 'app_1', 'a', now(), now())`,
      [messageId, ORGANIZATION],
    );
  async function listed(filter: object, order: 'ascending' | 'descending' = 'descending', iterator: string | null = null) {
    const handler = new ListAttemptsHandler(db.sql, db.cipher, new FixedClock(NOW));
    const page = { limit: 50, iterator, order };
    const { data } = await handler.execute(
      new ListAttempts(ORGANIZATION, { endpointId: 'ep_1' }, filter, page, { withContent: false, withMessage: false }),
    );
    return data.map(({ id }) => id);
  }

  it('are all there, whether the deliveries were settled long ago or sent again today', async () => {
    const retried = await message(60);
    const first = [await attempt(retried, 59.99), await attempt(retried, 59), await attempt(retried, 57)];
    await settled(retried, 57);
    const resent = await message(50);
    const second = [await attempt(resent, 49.99), await attempt(resent, 0.001)];
    await settled(resent, 49.99);
    await pending(resent);
    const elsewhere = await message(50.5);
    await attempt(elsewhere, 50.4, 'ep_2');
    await settled(elsewhere, 50.4, 'ep_2');
    await message(50.6);

    const inOrder = [...first, ...second];
    expect(await listed({ tag: 'rare' }, 'ascending')).toEqual(inOrder);
    expect(await listed({ tag: 'rare' })).toEqual(inOrder.toReversed());
    expect(await listed({ channel: 'rare' }, 'descending', second[1])).toEqual(inOrder.slice(0, -1).toReversed());
    expect(await listed({ channel: 'rare', after: daysAgo(58), before: daysAgo(1) })).toEqual([second[0], first[2]]);
  });
});
