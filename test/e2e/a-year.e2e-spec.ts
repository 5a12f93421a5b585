import { Logger } from '@nestjs/common';
import type { Config } from '../../src/config/env';
import { ensurePartitions } from '../../src/platform/database/partitions';
import type { Sql, Statement } from '../../src/platform/database/sql';
import { firstIdAt } from '../../src/platform/ids/id';
import type { Cipher } from '../../src/platform/crypto/cipher';
import type { PageRequest } from '../../src/platform/http/list-page';
import { FixedClock } from '../../src/platform/testing/fixed-clock';
import { openTestStore, type TestStore } from '../support/store';
import { ListAttempts, ListAttemptsHandler } from '../../src/modules/webhooks/deliveries/queries/list-attempts';
import { ListEndpointMessages, ListEndpointMessagesHandler } from '../../src/modules/webhooks/deliveries/queries/list-endpoint-messages';
import { ListMessages, ListMessagesHandler } from '../../src/modules/webhooks/messages/queries/list-messages';
import { ApplyRetention, ApplyRetentionHandler } from '../../src/modules/webhooks/retention/commands/apply-retention';
import type { RetentionMetrics } from '../../src/platform/retention/retention-metrics';

const DAY_MS = 86_400_000;
const START = Date.parse('2031-01-01');
const DAYS = 400;
/** As seldom as workers can have looked without a gap: partitions are made seven days ahead. */
const EVERY = 7;
const KEPT_DAYS = 90;
const ROWS_A_DAY = 60;
const TABLES = ['message', 'settled_delivery', 'attempt'];

type Plan = { 'Node Type': string; 'Relation Name'?: string; Plans?: Plan[] };

jest.setTimeout(180_000);

describe('A year of days', () => {
  let db: TestStore;
  let sql: TestStore['sql'];
  let end: Date;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    db = await openTestStore();
    ({ sql } = db);
    const metrics = { deleted: () => undefined } as unknown as RetentionMetrics;
    const retention = new ApplyRetentionHandler(sql, metrics, { retention: { days: KEPT_DAYS, payloadDays: 30 } } as Config);
    for (let day = 0; day < DAYS; day += EVERY) {
      const today = new Date(START + day * DAY_MS);
      await ensurePartitions((text, values) => db.dataSource.query(text, values), today);
      for (let next = day; next < Math.min(day + EVERY, DAYS); next++) await fill(new Date(START + next * DAY_MS));
      await retention.execute(new ApplyRetention(today));
    }
    end = new Date(START + DAYS * DAY_MS);
    await sql.run(`ANALYZE ${TABLES.join(', ')}`);
  });
  afterAll(() => db.close());

  async function fill(day: Date): Promise<void> {
    const at = (n: number) => new Date(day.getTime() + 1_000 + n * 60_000);
    const ids = (prefix: string) => Array.from({ length: ROWS_A_DAY }, (_, n) => firstIdAt(prefix, at(n)));
    await sql.run(
      `WITH m AS (INSERT INTO message (id, organization_id, application_id, event_type, payload, created_at)
                  SELECT id, 'org_1', 'app_' || n % 3, 'a', 'x', $3 FROM unnest($1::text[]) WITH ORDINALITY AS i (id, n)),
            d AS (INSERT INTO settled_delivery (message_id, endpoint_id, organization_id, application_id, event_type, status, reason, attempt_count)
                  SELECT id, 'ep_' || n % 3, 'org_1', 'app_' || n % 3, 'a', 0, 'ok', 1 FROM unnest($1::text[]) WITH ORDINALITY AS i (id, n))
       INSERT INTO attempt (id, organization_id, application_id, message_id, endpoint_id, event_type, status, reason, response_status_code,
                            response_duration_ms, trigger_type, url, response, attempted_at)
       SELECT id, 'org_1', 'app_' || n % 3, message, 'ep_' || n % 3, 'a', 0, 'ok', 200, 1, 0, '', '', $3
         FROM unnest($2::text[], $1::text[]) WITH ORDINALITY AS i (id, message, n)`,
      [ids('msg'), ids('atmpt'), day],
    );
  }

  it('leaves the partitions of the days that are kept and of those ahead, and no row outside of them', async () => {
    for (const table of TABLES) {
      const [row] = await sql.run<{ days: number; rest: number; rows: number }>(
        `SELECT (SELECT count(*)::int FROM pg_inherits WHERE inhparent = '${table}'::regclass) - 1 AS days,
                (SELECT count(*)::int FROM ${table}_rest) AS rest, (SELECT count(*)::int FROM ${table}) AS rows`,
      );
      expect(row!.days).toBeLessThanOrEqual(KEPT_DAYS + 2 * EVERY + 1);
      expect(row!.days).toBeGreaterThanOrEqual(KEPT_DAYS);
      expect(row!.rest).toBe(0);
      expect(row!.rows).toBeGreaterThanOrEqual(KEPT_DAYS * ROWS_A_DAY);
    }
  });

  describe('leaves the lists their plans:', () => {
    const FIRST: PageRequest = { limit: 50, iterator: null, order: 'descending' };
    /** The rows hold nothing that could be read. */
    const cipher = { open: () => Promise.resolve(Buffer.alloc(0)), openJson: () => Promise.resolve('') } as unknown as Cipher;
    const asked: { statement: Statement | string; values: unknown[] }[] = [];
    /** Remembers what is asked. */
    const listening = () =>
      ({
        run: (statement: Statement | string, values: unknown[]) => {
          asked.push({ statement, values });
          return sql.run(statement, values);
        },
      }) as unknown as Sql;
    const clock = () => new FixedClock(end);

    const lists: [string, () => Promise<{ data: readonly unknown[] }>][] = [
      [
        'messages of an application',
        () => new ListMessagesHandler(listening(), cipher, clock()).execute(new ListMessages('org_1', 'app_1', {}, FIRST, false)),
      ],
      [
        'attempts of an endpoint',
        () =>
          new ListAttemptsHandler(listening(), cipher, clock()).execute(
            new ListAttempts('org_1', { endpointId: 'ep_1' }, {}, FIRST, { withContent: false, withMessage: false }),
          ),
      ],
      [
        'messages of an endpoint',
        () =>
          new ListEndpointMessagesHandler(listening(), cipher, clock()).execute(
            new ListEndpointMessages('org_1', 'ep_1', {}, FIRST, { withContent: false, expandedStatuses: false }),
          ),
      ],
    ];

    it.each(lists)('%s', async (_, list) => {
      asked.length = 0;
      expect((await list()).data.length).toBeGreaterThanOrEqual(ROWS_A_DAY / 3);
      expect(asked.length).toBeGreaterThan(0);
      for (const { statement, values } of asked) {
        const text = typeof statement === 'string' ? statement : statement.text;
        // Partitions of a busy installation are large; these are small, and would be read as a whole for that reason alone.
        const [explained] = await sql.transaction(async (run) => {
          await run('SET LOCAL enable_seqscan = off');
          return run<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`EXPLAIN (FORMAT JSON) ${text}`, values);
        });
        const [{ Plan: plan }] = explained!['QUERY PLAN'];
        const read = nodesOf(plan).filter((node) => /^(message|attempt|settled_delivery)_2/.test(node['Relation Name'] ?? ''));
        expect(new Set(read.map((node) => node['Node Type']).filter((type) => !/^(Bitmap )?(Index|Heap).*Scan$/.test(type)))).toEqual(
          new Set(),
        );
      }
    });
  });
});

function nodesOf(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}
