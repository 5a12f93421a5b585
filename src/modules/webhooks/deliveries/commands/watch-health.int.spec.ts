import type { CommandBus } from '@nestjs/cqrs';
import { testEnvironment } from '../../../../../test/support/environment';
import { openTestStore, type TestStore } from '../../../../../test/support/store';
import { loadConfig } from '../../../../config/env';
import { newId } from '../../../../platform/ids/id';
import { Outbox } from '../../../../platform/outbox/outbox';
import { SystemClock } from '../../../../platform/time/clock';
import { DisableEndpoint } from '../../endpoints';
import { WatchHealthHandler } from './watch-health';

const ORGANIZATION = 'org_1';
const DAY_HOURS = 24;

type Told = { type: string; payload: { endpointId: string; percent: number; failures: number; failingSince: string; disablesAt: string } };

describe('WatchHealth', () => {
  let test: TestStore;
  let sql: TestStore['sql'];
  let disabled: DisableEndpoint[];

  beforeEach(async () => {
    test = await openTestStore();
    sql = test.sql;
    disabled = [];
    await sql.run(
      `INSERT INTO application (id, organization_id, name, metadata, version, created_at, updated_at) VALUES ('app_1', $1, '', '', 1, now(), now())`,
      [ORGANIZATION],
    );
  });
  afterEach(() => test.close());

  const commands = {
    execute: async (command: DisableEndpoint) => {
      disabled.push(command);
      await test.uow.manager.query('UPDATE endpoint SET disabled = true WHERE id = $1', [command.endpointId]);
    },
  } as unknown as CommandBus;
  const watch = (env: Record<string, string> = {}) => {
    const config = loadConfig(testEnvironment({ DATABASE_URL: 'postgres://unused', ...env }));
    return new WatchHealthHandler(test.uow, new Outbox(test.uow), commands, new SystemClock(), config).execute();
  };
  const told = () => sql.run<Told>(`SELECT type, payload FROM outbox_event WHERE type = 'endpoint.failing' ORDER BY id`);
  const percents = async () => (await told()).map(({ payload }) => payload.percent);

  /** Failing for so many hours, and tried a moment ago unless told otherwise. */
  async function failing(hours: number, { failures = 20, disabled: off = false, deleted = false, tried = true } = {}): Promise<string> {
    const id = newId('ep');
    await sql.run(
      `INSERT INTO endpoint (id, organization_id, application_id, url, description, metadata, secrets, headers, disabled, version, created_at,
                             updated_at, deleted_at)
       VALUES ($1, $2, 'app_1', '', '', '', '', '', $3, 1, now(), now(), CASE WHEN $4 THEN now() END)`,
      [id, ORGANIZATION, off, deleted],
    );
    await sql.run(`INSERT INTO delivery_lane (endpoint_id, due_at, failures) VALUES ($1, 'infinity', $2)`, [id, failures]);
    await since(id, hours);
    if (tried)
      await sql.run(
        `INSERT INTO attempt (id, organization_id, application_id, message_id, endpoint_id, event_type, status, reason, response_status_code,
                              response_duration_ms, trigger_type, url, response, attempted_at)
         VALUES ($1, $2, 'app_1', 'msg_1', $3, 'a', 2, 'tcp_refused', 0, 1, 0, '', '', now())`,
        [newId('atmpt'), ORGANIZATION, id],
      );
    return id;
  }
  const since = (id: string, hours: number) =>
    sql.run(`UPDATE delivery_lane SET failing_since = now() - make_interval(secs => $2) WHERE endpoint_id = $1`, [id, hours * 3_600 + 1]);

  it('says nothing of what is well, or may get well', async () => {
    await failing(2.4 * DAY_HOURS);
    await failing(9 * DAY_HOURS, { failures: 19 });
    await failing(9 * DAY_HOURS, { tried: false });
    await failing(9 * DAY_HOURS, { disabled: true });
    await failing(9 * DAY_HOURS, { deleted: true });
    const healthy = await failing(9 * DAY_HOURS);
    await sql.run('UPDATE delivery_lane SET failing_since = NULL WHERE endpoint_id = $1', [healthy]);
    expect(await watch()).toBe(0);
    expect([await told(), disabled]).toEqual([[], []]);
  });

  it('tells of each milestone once, with when the end will be', async () => {
    const id = await failing(2.5 * DAY_HOURS, { failures: 34 });
    await watch();
    await watch();
    const [{ type, payload } = { type: '', payload: null }] = await told();
    expect(type).toBe('endpoint.failing');
    expect(payload).toMatchObject({ endpointId: id, applicationId: 'app_1', percent: 50, failures: 34 });
    expect(Date.parse(payload!.disablesAt) - Date.parse(payload!.failingSince)).toBe(5 * DAY_HOURS * 3_600_000);

    await sql.run('UPDATE delivery_lane SET failures = 40');
    await watch();
    expect(await percents()).toEqual([50]);
  });

  it('tells of the last milestone that was passed, and of all of them again after a success', async () => {
    const id = await failing(4.5 * DAY_HOURS);
    await watch();
    expect(await percents()).toEqual([90]);
    await since(id, 2.5 * DAY_HOURS);
    await watch();
    expect(await percents()).toEqual([90, 50]);
  });

  it('disables at the end, for having failed since then', async () => {
    const id = await failing(5 * DAY_HOURS);
    await watch();
    await watch();
    const [{ at } = { at: null }] = await sql.run<{ at: Date }>('SELECT failing_since AS at FROM delivery_lane');
    expect(disabled).toEqual([new DisableEndpoint(ORGANIZATION, 'app_1', id, 'failing', at)]);
    expect(await told()).toEqual([]);
  });

  it('leaves closed organizations alone', async () => {
    await failing(5 * DAY_HOURS);
    await sql.run('INSERT INTO closed_organization (organization_id, closed, changed_at) VALUES ($1, true, now())', [ORGANIZATION]);
    expect(await watch()).toBe(0);
  });

  it('tells once though many workers look, however many endpoints fail', async () => {
    const half = await Promise.all(Array.from({ length: 45 }, () => failing(2.5 * DAY_HOURS)));
    const over = await Promise.all(Array.from({ length: 10 }, () => failing(6 * DAY_HOURS)));
    await Promise.all([watch(), watch(), watch(), watch()]);
    await watch(); // What others held locked was left to them.
    expect((await told()).map(({ payload }) => payload.endpointId).sort()).toEqual(half.sort());
    expect(disabled.map(({ endpointId }) => endpointId).sort()).toEqual(over.sort());
  });

  it('marks nothing when it cannot tell', async () => {
    await failing(5 * DAY_HOURS);
    const broken = { execute: () => Promise.reject(new Error('away')) } as unknown as CommandBus;
    const config = loadConfig(testEnvironment({ DATABASE_URL: 'postgres://unused' }));
    const handler = new WatchHealthHandler(test.uow, new Outbox(test.uow), broken, new SystemClock(), config);
    await expect(handler.execute()).rejects.toThrow('away');
    expect(await watch()).toBe(1);
    expect(disabled).toHaveLength(1);
  });

  it('can be told to leave them all be', async () => {
    await failing(50 * DAY_HOURS);
    expect(await watch({ DELIVERY_DISABLE_AFTER_SECONDS: '0' })).toBe(0);
  });

  it('finds them by an index of those that fail', async () => {
    const plan = await sql.transaction(async (run) => {
      await run('SET LOCAL enable_seqscan = off');
      return run(`EXPLAIN SELECT 1 FROM delivery_lane WHERE failing_since <= now() - interval '60 h' ORDER BY failing_since LIMIT 20`);
    });
    expect(JSON.stringify(plan)).toMatch(/delivery_lane_failing/);
    expect(JSON.stringify(plan)).not.toMatch(/Sort/);
  });
});
