import document from '../../openapi.json';
import { type Account, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { type Receiver, startReceiver } from '../support/receiver';

type Operation = { readonly parameters?: readonly { readonly name: string; readonly in: string }[] };
type Item = { readonly id?: string; readonly name?: string; readonly endpointId?: string };
type Page = {
  readonly data: readonly Item[];
  readonly iterator: string | null;
  readonly prevIterator: string | null;
  readonly done: boolean;
};
type Names = Readonly<Record<string, string>>;

/** A list of what became of a message at each endpoint is one of endpoints. */
const keyOf = ({ id, name, endpointId }: Item): string => (id ?? name ?? endpointId)!;

/** Those that change some settings, with the settings that null clears. */
const PATCHES = (
  [
    { path: '/app/{app_id}', schema: 'ApplicationPatch' },
    { path: '/app/{app_id}/endpoint/{endpoint_id}', schema: 'EndpointPatch' },
    { path: '/event-type/{event_type_name}', schema: 'EventTypePatch' },
    { path: '/operational-webhook/endpoint/{endpoint_id}', schema: 'OperationalWebhookEndpointPatch' },
  ] as const
).flatMap(({ path, schema }) => clearable(schema).map((field) => ({ path, field })));

const SET: Readonly<Record<string, unknown>> = {
  uid: 'another',
  throttleRate: 5,
  rateLimit: 5,
  metadata: { plan: 'pro' },
  eventTypes: ['endpoint.created'],
  filterTypes: ['endpoint.created'],
  channels: ['blue'],
  filter: { 'order.total': { $gte: 100 } },
  maxInFlight: 3,
  timeoutMs: 5_000,
  retrySchedule: [1, 2],
  schemas: { 1: { type: 'object' } },
  groupName: 'group',
  featureFlag: 'flag',
  featureFlags: ['flag'],
};

/** The conventions that hold for every webhook resource, read off the document: a new operation is held to them by itself. */
const READS = Object.entries(document.paths as Record<string, { get?: Operation }>)
  .filter(([path, { get }]) => get && /^\/api\/v1\/(app|event-type|operational-webhook|background-task)\b/.test(path))
  .map(([path, { get }]) => ({ path: path.replace('/api/v1', ''), names: get!.parameters!.map(({ name }) => name) }));

describe('every read of a webhook resource', () => {
  let app: TestApp;
  let receiver: Receiver;
  let ann: Account;
  let byId: Names;
  let byUid: Names;

  beforeAll(async () => {
    [app, receiver] = await Promise.all([startTestApp({ worker: true }), startReceiver()]);
    ann = await signUp(app);
    const create = async (status: number, path: string, body: object) =>
      expected(status, await ann.organization<{ id: string }>('POST', path, body)).id;
    for (const name of ['a.b', 'c.d', 'endpoint.created']) await create(201, '/event-type', { name, description: '' });
    const app_id = await create(201, '/app', { name: 'Acme', uid: 'acme' });
    const endpoint_id = await create(201, '/app/acme/endpoint', { url: receiver.url, uid: 'main' });
    await create(201, '/app', { name: 'Other' });
    await create(201, '/app/acme/endpoint', { url: receiver.url, eventTypes: ['c.d'] });
    const msg_id = await create(202, '/app/acme/msg', { eventType: 'a.b', eventId: 'evt-1', payload: {} });
    await create(202, '/app/acme/msg', { eventType: 'c.d', payload: {} });
    const attempt_id = await eventually(
      async () => {
        const attempts = expected(
          200,
          await ann.organization<{ data: { id: string; msgId: string }[] }>('GET', '/app/acme/attempt/endpoint/main'),
        );
        return attempts.data.length === 2 && attempts.data.find(({ msgId }) => msgId === msg_id)!.id;
      },
      { what: 'both attempts' },
    );
    const operational_id = await create(201, '/operational-webhook/endpoint', { url: receiver.url, uid: 'ops', disabled: true });
    await create(201, '/operational-webhook/endpoint', { url: receiver.url, disabled: true });
    const nothing = { since: new Date(Date.now() - 1_000).toISOString(), eventTypes: ['none'] };
    await create(202, '/app/acme/endpoint/main/bulk-replay', nothing);
    const task_id = await create(202, '/app/acme/endpoint/main/bulk-replay', nothing);
    for (const status of ['running', 'finished'])
      await eventually(
        async () => {
          const { data } = (await ann.organization<Page>('GET', `/background-task?status=${status}`)).body;
          return data.length === (status === 'running' ? 0 : 2);
        },
        { what: 'the end of both tasks' },
      );
    byId = { app_id, endpoint_id, operational_id, msg_id, attempt_id, task_id, event_type_name: 'a.b' };
    byUid = { ...byId, app_id: 'acme', endpoint_id: 'main', operational_id: 'ops', msg_id: 'evt-1' };
  });
  afterAll(async () => {
    await app.stop();
    await receiver.stop();
  });

  const at = (path: string, names: Names) =>
    path
      .replace('/operational-webhook/endpoint/{endpoint_id}', '/operational-webhook/endpoint/{operational_id}')
      .replace(/\{(\w+)\}/g, (_, name: string) => names[name] ?? `no ${name}`);
  const read = async (path: string, query = '') => {
    const { status, body } = await ann.organization('GET', path + query);
    return { status, body };
  };

  const page = async (path: string, query = '') => expected(200, await ann.organization<Page>('GET', `${at(path, byId)}?${query}`));
  const walk = async (path: string, cursor: 'iterator' | 'prevIterator', from?: string | null): Promise<[string[], Page]> => {
    const seen: string[] = [];
    for (let next = from; ;) {
      const found = await page(path, `limit=1${typeof next === 'string' ? `&iterator=${next}` : ''}`);
      seen.push(...found.data.map(keyOf));
      if (found.done) return [seen, found];
      next = found[cursor];
    }
  };

  it('is in this list', () => expect(READS.length).toBeGreaterThan(20));

  describe.each(READS)('$path', ({ path, names }) => {
    it('takes ids and uids, and a slash at the end', async () => {
      const answer = await read(at(path, byId));
      expect(answer.status).toBe(200);
      expect(await read(at(path, byUid))).toEqual(answer);
      expect(await read(`${at(path, byId)}/`)).toEqual(answer);
    });

    it('ignores query parameters that it does not know', async () => {
      const answer = await read(at(path, byId));
      expect(await read(at(path, byId), '?from_the_future=1&expanded_statuses=true')).toEqual(answer);
    });

    it('answers HEAD like GET, without the body', async () => {
      const headers = { authorization: `Bearer ${ann.apiKey}` };
      const [get, head] = [
        await app.http.inject({ method: 'GET', url: `/api/v1${at(path, byId)}`, headers }),
        await app.http.inject({ method: 'HEAD', url: `/api/v1${at(path, byId)}`, headers }),
      ];
      expect(head).toMatchObject({ statusCode: 200, body: '' });
      for (const name of ['content-type', 'content-length']) expect({ [name]: head.headers[name] }).toEqual({ [name]: get.headers[name] });
    });

    if (names.includes('iterator')) {
      it('is the same list page by page, forth and back', async () => {
        const all = (await page(path)).data.map(keyOf);
        const [forth, last] = await walk(path, 'iterator');
        expect(forth).toEqual(all);
        const [back] = await walk(path, 'prevIterator', last.prevIterator);
        expect([...back].reverse()).toEqual(all.slice(0, -1));
      });

      it('names the end of a page also on the last one, and what is wrong with a page that cannot be', async () => {
        const { data, iterator, prevIterator, done } = await page(path);
        expect({ iterator, prevIterator, done }).toEqual({
          iterator: keyOf(data.at(-1)!),
          prevIterator: `-${keyOf(data[0]!)}`,
          done: true,
        });
        for (const limit of ['0', '251', 'many'])
          expect(await read(at(path, byId), `?limit=${limit}`)).toMatchObject({
            status: 422,
            body: { code: 'validation_error', detail: [{ loc: ['query', 'limit'], msg: expect.any(String), type: 'value_error' }] },
          });
      });
    }

    if (names.includes('order'))
      it('goes both ways', async () => {
        const [up, down] = [await page(path, 'order=ascending'), await page(path, 'order=descending')];
        expect(up.data.map(keyOf)).toEqual(down.data.map(keyOf).reverse());
        expect((await read(at(path, byId), '?order=sideways')).status).toBe(422);
      });

    if (names.includes('event_types'))
      it('takes an array in all four spellings, and percent-encoded', async () => {
        const answer = await read(at(path, byId), '?event_types=a.b,x.y');
        expect(answer).toMatchObject({ status: 200, body: { data: [expect.anything()] } });
        for (const query of [
          '?event_types=a.b%2Cx.y',
          '?event_types=a.b&event_types=x.y',
          '?event_types[]=a.b&event_types[]=x.y',
          '?event_types[0]=a.b&event_types[1]=x.y',
          '?event_types%5B0%5D=a.b',
        ])
          expect(await read(at(path, byId), query)).toEqual(answer);
      });

    if (names.includes('before') && names.includes('after'))
      it('takes before and after, alone and together', async () => {
        const [past, future] = ['2000-01-01T00:00:00Z', '2100-01-01T00:00:00.000%2B01:00'];
        const all = await read(at(path, byId));
        const count = async (query: string) => ((await read(at(path, byId), query)).body['data'] as unknown[]).length;
        const now = encodeURIComponent(new Date(Date.now() + 60_000).toISOString());
        const recently = encodeURIComponent(new Date(Date.now() - 600_000).toISOString());
        expect(await read(at(path, byId), `?before=${now}&after=${recently}`)).toEqual(all);
        expect(await count(`?before=${recently}`)).toBe(0);
        expect(await count(`?after=${now}`)).toBe(0);
        expect((await read(at(path, byId), `?before=${recently}`)).body).toEqual({
          data: [],
          iterator: null,
          prevIterator: null,
          done: true,
        });
        for (const query of [`?before=${past}`, `?after=${future}`, `?before=${past}&after=${future}`])
          expect((await read(at(path, byId), query)).status).toBe(200);
      });
  });

  it('and every path takes a slash at the end, and answers the preflight of a browser', async () => {
    for (const [template, methods] of Object.entries(document.paths)) {
      const url = template.replace(/\{\w+\}/g, 'none');
      for (const method of Object.keys(methods).map((name) => name.toUpperCase() as 'GET')) {
        const [plain, slash] = [await app.http.inject({ method, url }), await app.http.inject({ method, url: `${url}/` })];
        expect({ url, method, status: slash.statusCode }).toEqual({ url, method, status: plain.statusCode });
        const asked = 'authorization,content-type,idempotency-key,svix-req-id';
        const headers = {
          origin: 'https://shop.example',
          'access-control-request-method': method,
          'access-control-request-headers': asked,
        };
        const preflight = await app.http.inject({ method: 'OPTIONS', url, headers });
        expect(preflight).toMatchObject({
          statusCode: 204,
          headers: { 'access-control-allow-origin': '*', 'access-control-allow-headers': asked },
        });
        expect(preflight.headers['access-control-allow-methods']).toContain(method);
      }
    }
  });

  it.each([
    ['a success', { url: '/api/v1/app' }, 200],
    ['a refusal of the guard', { url: '/api/v1/app', headers: { authorization: 'Bearer none' } }, 401],
    ['what is not there', { url: '/api/v1/app/none' }, 404],
    ['a path that is none', { url: '/api/v1/none' }, 404],
    ['a body that is none', { method: 'POST', url: '/api/v1/app', payload: '{', headers: { 'content-type': 'application/json' } }, 400],
    ['a wrong field', { method: 'POST', url: '/api/v1/app', payload: {} }, 422],
  ] as const)('and %s may be read by a page of any origin', async (_what, request, status) => {
    const headers = {
      authorization: `Bearer ${ann.apiKey}`,
      ...('headers' in request ? request.headers : {}),
      origin: 'https://shop.example',
    };
    const answer = await app.http.inject({ ...request, headers });
    expect(answer).toMatchObject({ statusCode: status, headers: { 'access-control-allow-origin': '*' } });
    expect(answer.headers['access-control-expose-headers']).toContain('retry-after');
  });

  it.each(PATCHES)('and null clears $field at $path', async ({ path, field }) => {
    const url = at(path, byId);
    if (!(field in SET)) throw new Error(`SET has to say a value for ${field}.`);
    expect(expected(200, await ann.organization('PATCH', url, { [field]: SET[field] }))[field]).toEqual(SET[field]);
    const cleared = expected(200, await ann.organization('PATCH', url, { [field]: null }));
    // Metadata is always there, and empty at least.
    expect(cleared[field]).toEqual(field === 'metadata' ? {} : null);
    expect(expected(200, await ann.organization('GET', url))[field]).toEqual(cleared[field]);
  });
});

/** Fields of a body that may be null. A key is never without a value: null leaves it. */
function clearable(schema: 'ApplicationPatch' | 'EndpointPatch' | 'EventTypePatch' | 'OperationalWebhookEndpointPatch'): string[] {
  const { properties } = document.components.schemas[schema] as { properties: Record<string, { anyOf?: { type?: string }[] }> };
  return Object.entries(properties).flatMap(([name, { anyOf }]) =>
    anyOf?.some(({ type }) => type === 'null') && name !== 'secret' ? [name] : [],
  );
}
