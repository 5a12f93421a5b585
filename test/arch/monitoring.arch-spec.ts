import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import '../../src/app.module';
import { metrics } from '../../src/platform/metrics/metric';
import { alerts, allRules, dashboards, ruleTests } from '../support/monitoring';

const ROOT = join(__dirname, '../..');
const RUNBOOKS = join(ROOT, 'docs/runbooks');
const HISTOGRAM_SERIES = /_(bucket|sum|count)$/;
/** Of prom-client's default metrics and of Prometheus itself. */
const FOREIGN = new Set([
  'process_start_time_seconds',
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
  'nodejs_eventloop_lag_p99_seconds',
]);
const FOREIGN_LABELS = ['instance', 'job', 'le'];

const recorded = new Set(allRules.flatMap(({ record }) => record ?? []));
const expressions = [
  ...allRules.map(({ alert, record, expr }) => [`rule ${alert ?? record!}`, expr] as const),
  ...dashboards.flatMap(({ file, panels }) =>
    panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [`${file}: ${title}`, expr] as const)),
  ),
];

describe.each(expressions)('%s', (_, expression) => {
  it('asks for metrics of the contract, and for labels and values that they have', () => {
    const selectors = [...expression.matchAll(/\b((?:posthorn|process|nodejs)[a-z0-9_:]+)(?:\{([^}]*)\})?/g)];
    expect(selectors.length).toBeGreaterThan(0);
    for (const [, name, matchers = ''] of selectors) {
      if (recorded.has(name!) || FOREIGN.has(name!)) continue;
      const metric = metrics().get(name!) ?? metrics().get(name!.replace(HISTOGRAM_SERIES, ''));
      expect({ name, known: metric !== undefined }).toEqual({ name, known: true });
      expect(HISTOGRAM_SERIES.test(name!)).toBe(metric!.type === 'histogram');
      for (const [, label, operator, value] of matchers.matchAll(/(\w+)(=~|!~|!=|=)"([^"]*)"/g)) {
        expect([...Object.keys(metric!.labels), ...FOREIGN_LABELS]).toContain(label);
        const values = metric!.labels[label!];
        if (operator === '=' && values && !('atMost' in values)) expect(values).toContain(value);
        if (operator === '=' && label === 'le') expect(metric!.buckets).toContain(Number(value));
      }
    }
  });

  it('takes the maximum of what every process tells, not the sum', () => {
    for (const [, aggregation, name] of expression.matchAll(/\b(sum|avg|count)(?: by \([^)]*\))? ?\(+(posthorn_\w+)/g)) {
      expect({ aggregation, name, of: metrics().get(name!)?.of }).toMatchObject({ of: 'process' });
    }
  });
});

describe.each(alerts)('$alert', ({ alert, labels, annotations }) => {
  const page = annotations?.['runbook_url'] ?? '';

  it('says how urgent it is, what it means, and what to do', () => {
    expect(['critical', 'warning']).toContain(labels?.['severity']);
    expect(annotations?.['summary']).toMatch(/\.$/);
    expect(existsSync(join(ROOT, page))).toBe(true);
    expect(readFileSync(join(ROOT, page), 'utf8')).toMatch(
      new RegExp(`^# ${alert!}\\n\\n\\*\\*It means\\.\\*\\* .*\\n\\n## Look\\n[^]*\\n## Do\\n[^]*\\n## It is over when\\n`),
    );
  });

  it('is tested firing and not firing', () => {
    const cases = ruleTests.tests.flatMap(({ alert_rule_test: checks = [] }) => checks).filter(({ alertname }) => alertname === alert);
    expect({
      firing: cases.some(({ exp_alerts: expected }) => expected.length > 0),
      quiet: cases.some(({ exp_alerts: expected }) => expected.length === 0),
    }).toEqual({
      firing: true,
      quiet: true,
    });
  });
});

it('every runbook belongs to an alert', () => {
  const named = alerts.map(({ annotations }) => annotations!['runbook_url']!.replace('docs/runbooks/', ''));
  expect(readdirSync(RUNBOOKS).sort()).toEqual(named.sort());
});

it('there are four dashboards, each with an address of its own', () => {
  expect(dashboards.map(({ file, uid }) => `${file} ${uid}`)).toEqual([
    '1-overview.json posthorn-overview',
    '2-delivery.json posthorn-delivery',
    '3-queue-workers.json posthorn-queue-workers',
    '4-api.json posthorn-api',
  ]);
});
