import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import '../../src/app.module';
import { ownDeclarations } from '../../src/platform/modules/declarations-of';
import { maxSeries, type Metric, metrics } from '../../src/platform/metrics/metric';
import { committedDescription } from '../support/description';

type Page = { metricsPage: (metrics: Iterable<Metric>, series: typeof maxSeries) => string };

const { metricsPage } = jest.requireActual<Page>('../../scripts/metrics-page.mjs');

const ROOT = join(__dirname, '../..');
const CEILING = 2_000;
/** What the runtime adds: process_* and nodejs_*. */
const OF_RUNTIME = 120;
/** Routes that OpenAPI does not show: pages, documents, health, what matches none. */
const UNDOCUMENTED_ROUTES = 15;
/** Of whom or what there are ever more. */
const UNBOUNDED =
  /^(id|.*_id|organization|tenant|application|app|endpoint|message|event|event_type|user|key|url|host|path|address|email|ip)$/;

const all = [...metrics().values()];

describe('docs/metrics.md', () => {
  it('says what the code says: after a change, `npm run metrics` writes it again', () => {
    expect(readFileSync(join(ROOT, 'docs/metrics.md'), 'utf8')).toBe(metricsPage(ownDeclarations().metrics, maxSeries));
  });
});

describe.each(all)('$name', (metric) => {
  const { name, type, labels, buckets, help, of } = metric;

  it('is named as its type and its unit ask for', () => {
    expect(name).toMatch(/^posthorn(_[a-z]+)+$/);
    expect(name.endsWith('_total')).toBe(type === 'counter');
    if (type === 'histogram') expect(name).toMatch(/_seconds$/);
    expect(name).not.toMatch(/_(ms|millis|milliseconds|minutes|hours|count|sum|bucket|info_total)$/);
    expect(help).toMatch(/^[A-Z].*\.$/);
  });

  it('has buckets, in order, if it is a histogram', () => {
    expect(buckets.length > 0).toBe(type === 'histogram');
    expect([...buckets].sort((a, b) => a - b)).toEqual(buckets);
  });

  it('has labels of few values, and none for an id', () => {
    for (const [label, values] of Object.entries(labels)) {
      expect(label).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(label).not.toMatch(UNBOUNDED);
      if (!('atMost' in values)) for (const value of values) expect(value).toMatch(/^[a-z0-9_]+$/);
    }
  });

  it('is a gauge if every process says the same', () => {
    if (of === 'installation') expect(type).toBe('gauge');
  });
});

describe('the series of a process', () => {
  it.each(['api', 'worker'])('are at most 2,000 in the %s', (role) => {
    const served = all.filter(({ from }) => from === 'both' || from === role);
    expect(served.reduce((sum, metric) => sum + maxSeries(metric), OF_RUNTIME)).toBeLessThanOrEqual(CEILING);
  });

  it('are counted for as many routes as there are', () => {
    const { paths } = committedDescription();
    const operations = Object.values(paths).flatMap((path) => Object.keys(path).filter((key) => /^(get|put|post|patch|delete)$/.test(key)));
    const route = metrics().get('posthorn_http_requests_total')!.labels['route'] as { atMost: number };
    expect(operations.length + UNDOCUMENTED_ROUTES).toBeLessThanOrEqual(route.atMost);
  });
});
