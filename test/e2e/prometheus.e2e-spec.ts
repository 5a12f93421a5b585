import { Client } from 'pg';
import { request } from 'undici';
import '../../src/app.module';
import { metrics } from '../../src/platform/metrics/metric';
import { type Account, signUp } from '../support/accounts';
import { startTestApp, startTestWorker, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { allRules, asked, dashboards, PROMETHEUS_FOLDER, rules, type Rules } from '../support/monitoring';
import { startProcess } from '../support/processes';
import { type Prometheus, promtool, startPrometheus } from '../support/prometheus';
import { type Receiver, startReceiver } from '../support/receiver';
import { listenAt } from '../support/webhooks';

type Process = Awaited<ReturnType<typeof startProcess>>;

const MESSAGES = 200;
const FUTURE_RETRIES = 50_000;
/** Measured anew after 5 s, then scraped and looked at. */
const SEEN_MS = 30_000;

/** Alerts that ask how fast things go. Without their minutes of patience, a machine with other tests to run may set them off. */
const AT_A_BUSY_MOMENT = new Set([
  'PosthornDatabasePoolSaturated',
  'PosthornDeliveryLagBudgetBurningFast',
  'PosthornDeliveryLagBudgetBurningSlowly',
]);

jest.setTimeout(180_000);

/** As they are, without the minutes for which something must have lasted. */
function impatient(): Rules {
  return {
    groups: rules.groups.map(({ name, rules: members }) => ({
      name,
      rules: members.map((rule) => (rule.for === undefined ? rule : { ...rule, for: '0s' })),
    })),
  };
}

describe('promtool', () => {
  it.each([
    ['check', 'rules', 'posthorn.rules.yml'],
    ['test', 'rules', 'posthorn.rules.test.yml'],
    ['check', 'config', 'prometheus.yml'],
  ])('%s %s %s', (...args) => {
    const { status, output } = promtool(PROMETHEUS_FOLDER, ...args);
    expect({ status, output: status === 0 ? '' : output }).toEqual({ status: 0, output: '' });
  });
});

describe('a Prometheus that scrapes Posthorn under load', () => {
  let app: TestApp;
  let ann: Account;
  let database: Client;
  let receiver: Receiver;
  let api: Process;
  let worker: Process;
  let prometheus: Prometheus;
  let appId: string;
  let endpointId: string;

  const post = (n: number) =>
    request(`${api.url}/api/v1/app/${appId}/msg`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ann.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ eventType: 'a.b', payload: { n } }),
    }).then(({ body }) => body.dump());

  beforeAll(async () => {
    app = await startTestApp();
    receiver = await startReceiver();
    database = new Client({ connectionString: app.database.url });
    await database.connect();
    const first = await startTestWorker(app.environment);
    ann = await signUp(app);
    await first.close();
    ({ appId, endpointId } = await listenAt(ann, receiver.url));
    [api, worker] = await Promise.all([startProcess('main', app.environment), startProcess('worker', app.environment)]);
    const targets = [api, worker].map(({ metricsUrl }) => new URL(metricsUrl).host);
    prometheus = await startPrometheus({ targets, rules: impatient() });
    await database.query(
      `INSERT INTO pending_delivery (message_id, endpoint_id, organization_id, application_id, event_type, next_at, accepted_at, attempt_count)
       SELECT 'msg_' || n, 'ep_' || n % 100, 'org_1', 'app_1', 'a', now() + interval '1 h', now() - interval '1 day', 3 FROM generate_series(1, $1::int) n`,
      [FUTURE_RETRIES],
    );
    for (let n = 0; n < MESSAGES; n += 10) await Promise.all(Array.from({ length: 10 }, (_, i) => post(n + i)));
    await receiver.received(MESSAGES);
  });
  afterAll(async () => {
    await prometheus.stop();
    await Promise.all([api.kill(), worker.kill()]);
    await database.end();
    await receiver.stop();
    await app.stop();
  });

  it('sees both processes, what was accepted and what was delivered', async () => {
    await eventually(
      async () => {
        expect(await prometheus.value('count(posthorn_build_info)')).toBe(2);
        expect(await prometheus.value('sum(posthorn_messages_accepted_total{outcome="accepted"})')).toBe(MESSAGES);
        expect(await prometheus.value('sum(posthorn_delivery_attempts_total{outcome="success",attempt="first"})')).toBe(MESSAGES);
        expect(await prometheus.value('max(posthorn_queue_jobs{queue="deliveries",state="delayed"})')).toBe(FUTURE_RETRIES);
        return true;
      },
      { within: SEEN_MS },
    );
  });

  it('knows every metric of the contract', async () => {
    const names = await prometheus.ask<string[]>('/label/__name__/values');
    const missing = [...metrics().values()].filter(({ name, type }) => !names.includes(type === 'histogram' ? `${name}_bucket` : name));
    // Nothing was disabled, and counters with labels begin with their first event.
    expect(missing.map(({ name }) => name)).toEqual(['posthorn_endpoint_auto_disabled_total']);
  });

  it('understands every expression of the dashboards, and answers all of what happened', async () => {
    const expressions = dashboards.flatMap(({ panels }) => panels.flatMap(({ targets }) => targets.map(({ expr }) => asked(expr))));
    // Nothing failed, so these have none.
    const answered = expressions.filter((expression) => !/auto_disabled|outcome="failure"|"5xx"/.test(expression));
    await Promise.all(expressions.map((expression) => prometheus.query(expression)));
    await eventually(
      async () => {
        const counts = await Promise.all(
          answered.map(async (expression) => [expression, (await prometheus.query(expression)).length] as const),
        );
        expect(counts.filter(([, count]) => count === 0)).toEqual([]);
        return true;
      },
      { within: SEEN_MS },
    );
  });

  it('fires nothing, though 50,000 retries lie ahead', async () => {
    const { groups } = await prometheus.ask<{ groups: { rules: { name: string; health: string }[] }[] }>('/rules');
    const evaluated = groups.flatMap((group) => group.rules);
    expect(evaluated).toHaveLength(allRules.length);
    expect(evaluated.filter(({ health }) => health !== 'ok')).toEqual([]);
    expect((await prometheus.firing()).filter((alert) => !AT_A_BUSY_MOMENT.has(alert))).toEqual([]);
  });

  it('fires "backlog due", and that nobody works, when workers have stopped and something is due', async () => {
    expect(await worker.stop()).toBe(0);
    await database.query(
      `INSERT INTO pending_delivery (message_id, endpoint_id, organization_id, application_id, event_type, next_at, accepted_at, attempt_count)
       VALUES ('msg_due', $1, $2, $3, 'a', now() - interval '10 min', now() - interval '1 h', 1)`,
      [endpointId, ann.organizationId, appId],
    );
    await database.query(`UPDATE delivery_lane SET due_at = now() - interval '10 min' WHERE endpoint_id = $1`, [endpointId]);
    await post(MESSAGES);
    await database.query(`UPDATE message_outbox SET accepted_at = now() - interval '2 min'`);
    await eventually(
      async () => {
        expect((await prometheus.firing()).sort()).toEqual(
          expect.arrayContaining(['PosthornDeliveryBacklogDue', 'PosthornNoActiveWorkers', 'PosthornOutboxStuck']),
        );
        return true;
      },
      { within: SEEN_MS },
    );
  });
});
