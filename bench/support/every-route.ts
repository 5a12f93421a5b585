import { request } from 'undici';
import { type Description, operationsOf } from '../../test/support/description';
import { eventually } from '../../test/support/eventually';
import type { Call } from '../processes/load';
import type { Posthorn } from './posthorn';
import { MESSAGE } from './sender';

type Headers = Readonly<Record<string, string>>;

const BATCH = 10;

/** With an effect that can be had again and again. */
const WRITES: Readonly<Record<string, string>> = {
  createMessages: `{"messages":[${Array(BATCH).fill(MESSAGE).join(',')}]}`,
  precheckMessage: JSON.stringify({ eventType: 'invoice.paid' }),
  createApplication: JSON.stringify({ name: 'another' }),
  patchApplication: JSON.stringify({ name: 'Acme' }),
  upsertEventType: JSON.stringify({ description: 'paid' }),
  patchEndpoint: JSON.stringify({ description: 'changed' }),
  patchEndpointHeaders: JSON.stringify({ headers: { 'x-tenant': 'acme' } }),
  openPortal: '{}',
};

/** A call of every route that reads, and of those that write again and again, to things of the application. One message is sent for it. */
export async function callsOf(posthorn: Posthorn, headers: Headers, application: string): Promise<Call[]> {
  const description = (await (await request(`${posthorn.url}/openapi.json`)).body.json()) as Description;
  const things = await thingsOf(posthorn, headers, application);
  return operationsOf(description).flatMap(({ method, path, operation }) => {
    const route = path.replace('/api/v1', '');
    const body = WRITES[operation.operationId ?? ''];
    if (!path.startsWith('/api/v1') || route.startsWith('/auth/') || (method !== 'GET' && body === undefined)) return [];
    const known: Readonly<Record<string, string | undefined>> = route.startsWith('/operational-webhook/')
      ? { ...things, endpoint_id: things['operational_id'] }
      : things;
    const filled = route.replaceAll(/\{(\w+)\}/g, (_, name: string) => known[name] ?? `{${name}}`);
    if (filled.includes('{')) throw new Error(`${route}: nothing is known for its parameters.`);
    const json = body === undefined ? {} : { body, headers: { ...headers, 'content-type': 'application/json' } };
    const messages = operation.operationId === 'createMessages' ? { messages: BATCH } : {};
    return [{ name: `${method} ${route}`, method, path: filled, headers, ...json, ...messages }];
  });
}

/** What exists, by the names of the parameters of paths. */
async function thingsOf(posthorn: Posthorn, headers: Headers, application: string): Promise<Readonly<Record<string, string>>> {
  const get = async (path: string) =>
    (await (await request(posthorn.url + path, { headers })).body.json()) as { id: string; data: { id: string }[] };
  const first = (path: string) => eventually(async () => (await get(path)).data[0]?.id, { within: 30_000, what: `something at ${path}` });
  const post = async (path: string, body: object = {}) => (await posthorn.post(path, body, headers)).body as { id: string; taskId: string };
  const organizationId = headers['posthorn-organization'] ?? '';
  await post('/event-type', { name: 'invoice.paid', description: 'paid' });
  const { id: message } = await post(`/app/${application}/msg`, JSON.parse(MESSAGE) as object);
  const endpoint = await first(`/app/${application}/endpoint`);
  const operational = await post('/operational-webhook/endpoint', { url: 'https://example.com/', disabled: true });
  const { id: task } = await post(`/app/${application}/endpoint/${endpoint}/recover`, { since: new Date().toISOString() });
  const invitation = await post(`/organization/${organizationId}/invitation`, { email: `${organizationId}@example.com`, role: 'viewer' });
  return {
    organizationId,
    app_id: application,
    endpoint_id: endpoint,
    operational_id: operational.id,
    msg_id: message,
    attempt_id: await first(`/app/${application}/attempt/msg/${message}`),
    event_type_name: 'invoice.paid',
    task_id: task,
    apiKeyId: await first('/api-key'),
    userId: (await get('/users/me')).id,
    sessionId: await first('/users/me/sessions'),
    invitationId: invitation.id,
    taskId: (await post('/users/me/export')).taskId,
  };
}
