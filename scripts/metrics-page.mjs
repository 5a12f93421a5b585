import { code, row } from './markdown.mjs';

/** docs/metrics.md: what Posthorn measures. @param metrics all declared ones @param maxSeries of one of them */
export function metricsPage(metrics, maxSeries) {
  const all = [...metrics].sort((a, b) => (a.name < b.name ? -1 : 1));
  const headings = ['metric', 'type', 'from', 'together', 'labels', 'series', 'says'];
  return `# Metrics

Written by \`npm run metrics\` from the definitions in the code. Every process serves them at \`/metrics\` on \`METRICS_PORT\` (9464), which is
not for the public, beside the usual \`process_*\` and \`nodejs_*\` of its runtime. Names, types and labels are a contract: a change is named
in the notes of its release. Times are in seconds. No label ever holds an id, an address or a name that somebody chose.

**together** says how processes are put together. A counter or a gauge of one process is to be summed: \`sum\`. What lies in the database is told
alike by every process that is asked, by the API also while no worker runs: take the \`max\`. It is measured when somebody scrapes, at most
every 5 s by each process (endpoints and partitions every 60 s), at a cost that does not grow with the backlog: indexes are asked, and of
tables beyond 32 MiB a sample is counted. While the database cannot be asked these series are absent and \`posthorn_database_up\` is 0.

${row(headings)}
${row(headings.map((heading) => (heading === 'series' ? '--:' : '---')))}
${all.map((metric) => row(cells(metric, maxSeries))).join('\n')}

## Buckets

${row(['histogram', 'upper bounds in seconds'])}
${row(['---', '---'])}
${all
  .filter(({ type }) => type === 'histogram')
  .map(({ name, buckets }) => row([code(name), buckets.join(', ')]))
  .join('\n')}
`;
}

function cells(metric, maxSeries) {
  const { name, type, from, of, labels, help } = metric;
  const shown = Object.entries(labels).map(
    ([label, values]) => `${code(label)} (${Array.isArray(values) ? values.join(', ') : values.kind})`,
  );
  const together = of === 'installation' ? 'max' : type === 'gauge' ? 'sum' : 'sum of rates';
  return [code(name), type, from, together, shown.join('; '), `≤ ${maxSeries(metric)}`, help];
}
