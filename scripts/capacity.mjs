// `npm run capacity -- 2500 --endpoints 3`: what a rate of messages takes, computed from what was measured (docs/benchmarks.md).
import { parseArgs } from 'node:util';
import { capacityFor } from './capacity-model.mjs';

const USAGE = `Usage: npm run capacity -- <messages per second> [options]
  --endpoints 1      that get each message
  --receiver-ms 200  until an endpoint has answered
  --pool 10          DATABASE_POOL_SIZE
  --days 90          RETENTION_DAYS`;

const text = { type: 'string' };
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { endpoints: text, 'receiver-ms': text, pool: text, days: text },
});
const { 'receiver-ms': receiverMs, ...others } = values;
const given = { rate: positionals[0], receiverMs, ...others };
const load = Object.fromEntries(
  Object.entries(given)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, Number(value)]),
);
if (positionals.length === 1 && Object.values(load).every((value) => value > 0)) {
  console.log(JSON.stringify(capacityFor(load), null, 2));
} else {
  console.error(USAGE);
  process.exitCode = 1;
}
