import { callerAt, expected } from '../../support/accounts';
import { eventually } from '../../support/eventually';
import { tokenIn } from '../../support/smtp';
import { addEndpoint } from '../../support/webhooks';
import type { Cluster } from './cluster';

export const SETTLED_MS = 90_000;

/** A person with a key, an application, and an endpoint at each URL. */
export async function listenIn(cluster: Cluster, urls: readonly string[]) {
  const email = 'ann@example.com';
  const anybody = callerAt(cluster.urlOf(0));
  expected(202, await anybody('POST', '/auth/register', { email, password: 'a long enough password', name: 'Ann' }));
  const token = tokenIn(await cluster.mail.mailTo(email));
  const { accessToken } = expected(200, await anybody<{ accessToken: string }>('POST', '/auth/verify-email', { token }));
  const user = callerAt(cluster.urlOf(0), accessToken);
  const { id: appId } = await eventually(async () => expected(201, await user<{ id: string }>('POST', '/app', { name: 'Acme' })));
  const { token: apiKey } = expected(201, await user<{ token: string }>('POST', '/api-key', { name: 'chaos' }));
  const organization = callerAt(cluster.urlOf(0), apiKey);
  const secrets: string[] = [];
  for (const url of urls) secrets.push((await addEndpoint({ organization }, appId, url)).secret);
  return { appId, apiKey, organization, secrets };
}

/** Every delivery has reached its end, and that is success. */
export async function settled(cluster: Cluster, within = SETTLED_MS): Promise<void> {
  await eventually(
    async () => {
      const [open] = await cluster.query<{ open: number }>(
        'SELECT (SELECT count(*) FROM message_outbox) + (SELECT count(*) FROM pending_delivery) AS open',
      );
      return Number(open?.open) === 0;
    },
    { within, what: 'nothing is under way' },
  );
  const failed = await cluster.query('SELECT message_id, endpoint_id, reason FROM settled_delivery WHERE status <> 0 LIMIT 5');
  if (failed.length > 0) throw new Error(`Deliveries ended without success: ${JSON.stringify(failed)}`);
}
