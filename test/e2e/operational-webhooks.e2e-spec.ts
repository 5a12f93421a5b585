import { Webhook } from 'standardwebhooks';
import { Sql } from '../../src/platform/database/sql';
import { type Account, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { type ReceivedRequest, type Receiver, startReceiver } from '../support/receiver';
import { addEndpoint, listenAt, send } from '../support/webhooks';

const PATH = '/operational-webhook/endpoint';

type Told = { type: string; data: Record<string, unknown> };
type Endpoint = { id: string; eventTypes: string[] | null; filterTypes: string[] | null; disabled: boolean; uid: string | null };

describe('operational webhooks', () => {
  let app: TestApp;
  let ann: Account;
  let operator: Receiver;
  let customer: Receiver;

  beforeAll(async () => {
    app = await startTestApp({ worker: true, env: { DELIVERY_RETRY_SCHEDULE: '0,0,0,0' } });
  });
  beforeEach(async () => {
    [operator, customer, ann] = await Promise.all([startReceiver(), startReceiver(), signUp(app)]);
  });
  afterEach(() => Promise.all([operator.stop(), customer.stop()]));
  afterAll(() => app.stop());

  async function listen(settings: object = {}): Promise<{ id: string; key: string }> {
    const { id } = expected(201, await ann.organization<Endpoint>('POST', PATH, { url: operator.url, ...settings }));
    const { key } = expected(200, await ann.organization<{ key: string }>('GET', `${PATH}/${id}/secret`));
    return { id, key };
  }

  const read = ({ body }: ReceivedRequest) => JSON.parse(body.toString()) as Told;
  /** What the operator was told, verified, by type; the order is nobody's promise. */
  async function told(key: string, count: number): Promise<Told[]> {
    const requests = await operator.received(count);
    for (const { body, headers } of requests) new Webhook(key).verify(body, headers as Record<string, string>);
    return requests.map(read).sort((a, b) => a.type.localeCompare(b.type));
  }

  describe('tell, signed,', () => {
    it('of endpoints that are made, changed, disabled and deleted', async () => {
      const { key } = await listen();
      expected(201, await ann.organization('POST', '/app', { name: 'Acme', uid: 'acme' }));
      const { endpointId } = await addEndpoint(ann, 'acme', customer.url, { uid: 'main' });
      const { id: appId } = expected(200, await ann.organization<{ id: string }>('GET', '/app/acme'));
      expected(200, await ann.organization('PATCH', `/app/acme/endpoint/main`, { disabled: true }));
      expected(204, await ann.organization('DELETE', `/app/acme/endpoint/main`));
      const data = { appId, appUid: 'acme', endpointId, endpointUid: 'main' };
      expect(await told(key, 4)).toEqual([
        { type: 'endpoint.created', data },
        { type: 'endpoint.deleted', data },
        { type: 'endpoint.disabled', data: { ...data, trigger: 'manual' } },
        { type: 'endpoint.updated', data },
      ]);
    });

    it('of endpoints that are disabled for what their receivers say', async () => {
      const { key } = await listen({ eventTypes: ['endpoint.disabled'] });
      const { appId, endpointId } = await listenAt(ann, customer.url);
      customer.answerBy(() => ({ status: 410 }));
      await send(ann, appId);
      const failSince = expect.any(String) as string;
      expect(await told(key, 1)).toEqual([{ type: 'endpoint.disabled', data: { appId, endpointId, trigger: 'automatic', failSince } }]);
    });

    it('of messages that are failing, exhausted and recovered', async () => {
      const { key } = await listen({ eventTypes: ['message.attempt.failing', 'message.attempt.exhausted', 'message.attempt.recovered'] });
      const { appId, endpointId } = await listenAt(ann, customer.url, { uid: 'main' });
      customer.answer(...Array.from({ length: 5 }, () => ({ status: 503 })));
      const msgId = await send(ann, appId, 1, { eventId: 'e1' });
      const lastAttempt = {
        id: expect.stringMatching(/^atmpt_/) as string,
        responseStatusCode: 503,
        timestamp: expect.any(String) as string,
      };
      const data = { appId, endpointId, endpointUid: 'main', msgId, msgEventId: 'e1', lastAttempt };
      expect(await told(key, 2)).toEqual([
        { type: 'message.attempt.exhausted', data },
        { type: 'message.attempt.failing', data },
      ]);
      customer.answer(...Array.from({ length: 4 }, () => ({ status: 500 })));
      const recovered = await send(ann, appId, 2);
      const all = await told(key, 4);
      expect(all.find(({ type }) => type === 'message.attempt.recovered')).toEqual({
        type: 'message.attempt.recovered',
        data: { appId, endpointId, endpointUid: 'main', msgId: recovered, lastAttempt: { ...lastAttempt, responseStatusCode: 200 } },
      });
    });

    it('those who want it, and only of their own organization', async () => {
      await listen({ eventTypes: ['endpoint.deleted'] });
      const all = await startReceiver();
      expected(201, await ann.organization('POST', PATH, { url: all.url, headers: { 'x-who': 'ann' } }));
      await listenAt(await signUp(app, 'Bob'), customer.url);
      const { appId, endpointId } = await listenAt(ann, customer.url);
      expected(204, await ann.organization('DELETE', `/app/${appId}/endpoint/${endpointId}`));
      expect((await operator.received(1)).map((request) => read(request).type)).toEqual(['endpoint.deleted']);
      const requests = await all.received(2);
      expect(requests.map((request) => read(request).data['appId'])).toEqual([appId, appId]);
      expect(requests[0]?.headers['x-who']).toBe('ann');
      await all.stop();
    });

    it('once, though the event is observed again', async () => {
      const { key } = await listen({ eventTypes: ['endpoint.created'] });
      const sql = app.http.get(Sql);
      await listenAt(ann, customer.url);
      await told(key, 1);
      await sql.run(
        `INSERT INTO observer_job (event_id, observer)
         SELECT id, 'webhooks.tell-organization' FROM outbox_event
          WHERE organization_id = $1 AND type = 'endpoint.created' AND payload->>'applicationId' LIKE 'app\\_0%'`,
        [ann.organizationId],
      );
      await sql.run(`SELECT pg_notify('posthorn_outbox', '')`);
      await nothingLeftToTell();
      const messages = await sql.run(`SELECT event_id FROM message WHERE organization_id = $1 AND event_type = 'endpoint.created'`, [
        ann.organizationId,
      ]);
      expect(messages).toHaveLength(1);
    });

    it('of nothing that happens to themselves', async () => {
      const { id } = await listen({ url: customer.url });
      customer.answerBy(() => ({ status: 410 }));
      expected(204, await ann.organization('PUT', `${PATH}/${id}/headers`, { headers: { 'x-a': '1' } }));
      await listenAt(ann, operator.url);
      await eventually(async () => (await ann.organization<Endpoint>('GET', `${PATH}/${id}`)).body.disabled, { what: 'the 410 to count' });
      expected(200, await ann.organization('PATCH', `${PATH}/${id}`, { disabled: false }));
      expected(204, await ann.organization('DELETE', `${PATH}/${id}`));
      await nothingLeftToTell();
      const sql = app.http.get(Sql);
      const messages = await sql.run('SELECT event_type FROM message WHERE organization_id = $1', [ann.organizationId]);
      expect(messages).toEqual([{ event_type: 'endpoint.created' }]);
    });

    it('whatever the organization demands of an event type that is called the same', async () => {
      const schemas = { 1: { required: ['never'] } };
      const eventType = { name: 'endpoint.created', description: '', schemas, validation: 'reject' };
      expected(201, await ann.organization('POST', '/event-type', eventType));
      const { key } = await listen();
      await listenAt(ann, customer.url);
      expect(await told(key, 1)).toMatchObject([{ type: 'endpoint.created' }]);
    });

    it('nobody, and write nothing, where nobody asked for it', async () => {
      await listenAt(ann, customer.url);
      await nothingLeftToTell();
      const sql = app.http.get(Sql);
      expect(await sql.run('SELECT 1 FROM message WHERE organization_id = $1', [ann.organizationId])).toEqual([]);
      expect(await sql.run('SELECT 1 FROM application WHERE organization_id = $1 AND operational', [ann.organizationId])).toEqual([]);
    });

    const nothingLeftToTell = () =>
      eventually(
        async () => {
          const [row] = await app.http.get(Sql).run<{ left: number }>(
            `SELECT count(*)::int AS left FROM observer_job j JOIN outbox_event e ON e.id = j.event_id
              WHERE j.observer = 'webhooks.tell-organization' AND e.organization_id = $1`,
            [ann.organizationId],
          );
          return row?.left === 0;
        },
        { what: 'all to be told' },
      );
  });

  describe('are configured', () => {
    it('through their whole life, by id or uid', async () => {
      const created = await ann.organization<Endpoint>('POST', PATH, { url: operator.url, uid: 'ops', eventTypes: ['endpoint.deleted'] });
      expect(created).toMatchObject({
        status: 201,
        body: { uid: 'ops', eventTypes: ['endpoint.deleted'], filterTypes: ['endpoint.deleted'] },
      });
      const { id } = created.body;
      expect((await ann.organization('GET', `${PATH}/ops`)).body).toEqual(created.body);
      expect(await ann.organization('POST', PATH, { url: operator.url, uid: 'ops' })).toMatchObject({
        status: 409,
        body: { code: 'conflict' },
      });
      const put = await ann.organization('PUT', `${PATH}/ops`, { url: operator.urlFor('/2'), filterTypes: ['endpoint.updated'] });
      expect(put).toMatchObject({ status: 200, body: { id, uid: 'ops', eventTypes: ['endpoint.updated'] } });
      expect(await ann.organization('PUT', `${PATH}/new`, { url: operator.url })).toMatchObject({
        status: 201,
        body: { uid: 'new', eventTypes: null },
      });
      const patch = await ann.organization('PATCH', `${PATH}/${id}`, { eventTypes: null, description: 'All' });
      expect(patch).toMatchObject({ status: 200, body: { eventTypes: null, description: 'All', url: operator.urlFor('/2') } });
      const { data } = expected(200, await ann.organization<{ data: Endpoint[] }>('GET', PATH));
      expect(data.map(({ uid }) => uid)).toEqual(['new', 'ops']);
      expected(204, await ann.organization('DELETE', `${PATH}/ops`));
      expect(await ann.organization('GET', `${PATH}/${id}`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    });

    it('as the first thing of all, and many at once', async () => {
      expect(await ann.organization('GET', PATH)).toMatchObject({ status: 200, body: { data: [], done: true, iterator: null } });
      for (const path of ['/none', '/none/secret', '/none/headers'])
        expect(await ann.organization('GET', PATH + path)).toMatchObject({ status: 404, body: { code: 'not_found' } });
      const replies = await Promise.all(Array.from({ length: 5 }, () => ann.organization('POST', PATH, { url: operator.url })));
      expect(replies.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    });

    it('with types that exist, and addresses that are allowed', async () => {
      for (const field of ['eventTypes', 'filterTypes'])
        for (const method of ['POST', 'PUT', 'PATCH'] as const)
          expect(
            await ann.organization(method, method === 'POST' ? PATH : `${PATH}/ops`, {
              url: operator.url,
              [field]: ['endpoint.created', 'user.made'],
            }),
          ).toMatchObject({ status: 422, body: { code: 'validation_error', detail: [{ loc: ['body', field, 1] }] } });
      expect(await ann.organization('POST', PATH, { url: 'http://10.0.0.1/' })).toMatchObject({
        status: 422,
        body: { detail: [{ loc: ['body', 'url'] }] },
      });
    });

    it('apart from applications: no route of those knows the hidden one', async () => {
      const { id } = await listen();
      const { data } = expected(200, await ann.organization<{ data: { id: string }[] }>('GET', '/app'));
      expect(data).toEqual([]);
      const [hidden] = await app.http
        .get(Sql)
        .run<{ id: string }>('SELECT id FROM application WHERE organization_id = $1', [ann.organizationId]);
      for (const name of [hidden!.id, encodeURIComponent(hidden!.id)]) {
        for (const path of ['', '/endpoint', `/endpoint/${id}`, `/endpoint/${id}/secret`, '/msg', `/attempt/endpoint/${id}`])
          expect(await ann.organization('GET', `/app/${name}${path}`)).toMatchObject({ status: 404 });
        expect(await ann.organization('DELETE', `/app/${name}`)).toMatchObject({ status: 404 });
        expect(await ann.organization('POST', `/app/${name}/msg`, { eventType: 'a', payload: {} })).toMatchObject({ status: 404 });
        expect(await ann.organization('POST', `/auth/app-portal-access/${name}`, {})).toMatchObject({ status: 404 });
        expect(await ann.organization('PUT', `/app/${name}`, { name: 'mine' })).toMatchObject({ status: 404 });
      }
    });

    it('by those who may: not by customers, and not for others', async () => {
      const { id } = await listen();
      const bob = await signUp(app, 'Bob');
      for (const path of ['', '/secret', '/headers'])
        expect(await bob.organization('GET', `${PATH}/${id}${path}`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
      expect(await bob.organization('DELETE', `${PATH}/${id}`)).toMatchObject({ status: 404 });
    });
  });
});
