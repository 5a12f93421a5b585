import pLimit from 'p-limit';
import type { Call } from '../processes/load';
import type { Bench } from '../support/bench';
import { callsOf } from '../support/every-route';
import { type Posthorn, startPosthorn } from '../support/posthorn';
import { type Figure, percentile } from '../support/report';
import { MESSAGE, owner } from '../support/sender';
import { onStage } from '../support/stage';

const ENDPOINTS = 5;
const PER_SECOND = 100;
const MEDIAN_MS = 200;
const P99_MS = 500;
/** Tenants in whose things the routes look about. */
const VISITED = 10;
const AT_ONCE = 16;

type Tenant = { readonly organizationId: string; readonly application: string; readonly key: string; readonly healthy: number };

/** Many tenants send at a steady rate, some of their endpoints fail or hang, and every route is called meanwhile. */
export function mixed(bench: Bench): Promise<Figure[]> {
  return onStage(bench, async ({ pipe, load, subscriberUrl }) => {
    const { tenants: count, workers, rounds, seconds } = bench.options;
    const posthorn = await startPosthorn({}, { workers });
    try {
      const authorization = await owner(posthorn);
      const limit = pLimit(AT_ONCE);
      const made = Array.from({ length: count }, (_, n) => limit(() => makeTenant(posthorn, authorization, subscriberUrl, n)));
      const tenants = await Promise.all(made);
      const visits = await Promise.all(tenants.slice(0, VISITED).map((tenant) => visit(posthorn, authorization, tenant)));
      for (const { healthy } of tenants.slice(0, VISITED)) pipe.count('mixed', 1, healthy);
      const routes = visits.flat();
      const calls: Call[] = [];
      for (let n = 0; n < (PER_SECOND / 2) * rounds * seconds; n++) {
        for (const { call, healthy } of [messageTo(tenants[n % count]!), routes[n % routes.length]!]) {
          calls.push(call);
          pipe.count('mixed', call.messages ?? 0, healthy);
        }
      }
      const times = await load.call('mix', { url: posthorn.url, calls, perSecond: PER_SECOND });
      await pipe.arrived('mixed');
      await posthorn.stop();
      return [
        ...Object.entries(times).flatMap(([name, latencies]) => [
          { what: `${name}, median`, value: percentile(latencies, 50), unit: 'ms', target: MEDIAN_MS },
          { what: `${name}, p99`, value: percentile(latencies, 99), unit: 'ms', target: P99_MS },
        ]),
        ...(await pipe.verdict('mixed')),
      ];
    } finally {
      await posthorn.stop();
    }
  });
}

type Visit = { readonly call: Call; readonly healthy: number };

async function visit(posthorn: Posthorn, authorization: Record<string, string>, tenant: Tenant): Promise<Visit[]> {
  const { organizationId, application, healthy } = tenant;
  const calls = await callsOf(posthorn, { ...authorization, 'posthorn-organization': organizationId }, application);
  return calls.map((call) => ({ call, healthy }));
}

function messageTo({ application, key, healthy }: Tenant): Visit {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const path = `/app/${application}/msg`;
  return { call: { name: 'POST /app/{app_id}/msg', method: 'POST', path, headers, body: MESSAGE, messages: 1 }, healthy };
}

/** An organization with an application whose endpoints are mostly well: of all, 5 % fail and 1 % hang. */
async function makeTenant(posthorn: Posthorn, authorization: Record<string, string>, subscriberUrl: string, n: number): Promise<Tenant> {
  const { id: organizationId } = (await posthorn.post('/organization', { name: `Tenant ${n}` }, authorization)).body as { id: string };
  const asOwner = { ...authorization, 'posthorn-organization': organizationId };
  const { token: key } = (await posthorn.post('/api-key', { name: 'bench' }, asOwner)).body as { token: string };
  const headers = { authorization: `Bearer ${key}` };
  const { id: application } = (await posthorn.post('/app', { name: 'Acme' }, headers)).body as { id: string };
  let healthy = 0;
  for (let e = 0; e < ENDPOINTS; e++) {
    const place = (n * ENDPOINTS + e) % 100;
    const path = place < 5 ? `ill/${n}-${e}/fail` : place === 5 ? `ill/${n}-${e}/hang` : `mixed/${n}-${e}`;
    if (place > 5) healthy++;
    const { status } = await posthorn.post(`/app/${application}/endpoint`, { url: `${subscriberUrl}/${path}` }, headers);
    if (status !== 201) throw new Error(`An endpoint was answered with ${status}.`);
  }
  return { organizationId, application, key, healthy };
}
