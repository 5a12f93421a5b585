import document from '../../openapi.json';
import { type Account, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { type Receiver, startReceiver } from '../support/receiver';

type Operation = { readonly parameters?: readonly { readonly name: string; readonly in: string }[] };
type Names = Readonly<Record<string, string>>;

/** The conventions that hold for every webhook resource, read off the document: a new operation is held to them by itself. */
const READS = Object.entries(document.paths as Record<string, { get?: Operation }>)
  .filter(([path, { get }]) => get && /^\/api\/v1\/(app|event-type)\b/.test(path))
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
    for (const name of ['a.b', 'c.d']) await create(201, '/event-type', { name, description: '' });
    const app_id = await create(201, '/app', { name: 'Acme', uid: 'acme' });
    const endpoint_id = await create(201, '/app/acme/endpoint', { url: receiver.url, uid: 'main' });
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
    byId = { app_id, endpoint_id, msg_id, attempt_id, event_type_name: 'a.b' };
    byUid = { app_id: 'acme', endpoint_id: 'main', msg_id: 'evt-1', attempt_id, event_type_name: 'a.b' };
  });
  afterAll(async () => {
    await app.stop();
    await receiver.stop();
  });

  const at = (path: string, names: Names) => path.replace(/\{(\w+)\}/g, (_, name: string) => names[name] ?? `no ${name}`);
  const read = async (path: string, query = '') => {
    const { status, body } = await ann.organization('GET', path + query);
    return { status, body };
  };

  it('is in this list', () => expect(READS.length).toBeGreaterThan(10));

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
        for (const query of [`?before=${past}`, `?after=${future}`, `?before=${past}&after=${future}`])
          expect((await read(at(path, byId), query)).status).toBe(200);
      });
  });

  it('and every write may come from a page of any origin', async () => {
    const asked = 'authorization,content-type,idempotency-key,svix-req-id';
    const preflight = await app.http.inject({
      method: 'OPTIONS',
      url: '/api/v1/app/acme/msg',
      headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST', 'access-control-request-headers': asked },
    });
    expect(preflight.statusCode).toBe(204);
    expect(preflight.headers).toMatchObject({ 'access-control-allow-origin': '*', 'access-control-allow-headers': asked });
    const answer = await app.http.inject({
      url: '/api/v1/app',
      headers: { origin: 'https://shop.example', authorization: `Bearer ${ann.apiKey}` },
    });
    expect(answer.headers).toMatchObject({ 'access-control-allow-origin': '*' });
  });
});
