import { Sql } from '../../src/platform/database/sql';
import { firstIdAt } from '../../src/platform/ids/id';
import { type Account, callerOf, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { type Receiver, startReceiver } from '../support/receiver';
import { addEndpoint, listenAt, send } from '../support/webhooks';

type Message = {
  id: string;
  eventId: string | null;
  payload: unknown;
  tags: string[] | null;
  state: string;
  deliverAt: string | null;
  timestamp: string;
};
type Page = { data: Message[]; iterator: string | null; done: boolean };
type Batch = { results: { status: number; message?: Message; error?: { code: string; detail: unknown } }[] };

const SECOND_MS = 1_000;
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();

describe('messages', () => {
  let app: TestApp;
  let ann: Account;
  let receiver: Receiver;

  beforeAll(async () => {
    [app, receiver] = await Promise.all([startTestApp({ worker: true }), startReceiver()]);
    ann = await signUp(app);
  });
  afterAll(async () => {
    await app.stop();
    await receiver.stop();
  });

  const newApp = async (uid?: string) => expected(201, await ann.organization<{ id: string }>('POST', '/app', { name: 'Acme', uid })).id;
  const get = async (appId: string, messageId: string) =>
    expected(200, await ann.organization<Message>('GET', `/app/${appId}/msg/${messageId}`));
  const arrivals = (path: string) => receiver.requests.filter((request) => request.path === path);
  const statusOf = async (appId: string, messageId: string) => {
    const [row] = await app.http
      .get(Sql)
      .run<{ status: number; reason: string }>('SELECT status, reason FROM delivery WHERE application_id = $1 AND message_id = $2', [
        appId,
        messageId,
      ]);
    return row;
  };

  describe('with tags', () => {
    it('are shown with them, and found by them', async () => {
      const appId = await newApp();
      const both = await send(ann, appId, 1, { tags: ['first order', 'ä,ö'] });
      const one = await send(ann, appId, 2, { tags: ['ä,ö'] });
      await send(ann, appId, 3);
      expect(await get(appId, both)).toMatchObject({ tags: ['first order', 'ä,ö'], state: 'accepted', deliverAt: null });
      const tagged = async (tag: string) => {
        const page = expected(200, await ann.organization<Page>('GET', `/app/${appId}/msg?tag=${encodeURIComponent(tag)}`));
        return page.data.map(({ id }) => id);
      };
      expect(await tagged('ä,ö')).toEqual([one, both]);
      expect(await tagged('first order')).toEqual([both]);
      expect(await tagged('first')).toEqual([]);
    });
  });

  describe('for later', () => {
    it('wait for their time, and then go out', async () => {
      const { appId } = await listenAt(ann, receiver.urlFor('/later'));
      const deliverAt = inMs(2 * SECOND_MS);
      const messageId = await send(ann, appId, 1, { deliverAt });
      expect(await get(appId, messageId)).toMatchObject({ state: 'scheduled', deliverAt });
      const arrived = await eventually(() => arrivals('/later')[0], { what: 'the delivery' });
      expect(arrived.at).toBeGreaterThanOrEqual(Date.parse(deliverAt));
      expect(await get(appId, messageId)).toMatchObject({ state: 'accepted', deliverAt });
    });

    it('can be canceled until then, by their event id as well, and by nobody after it', async () => {
      const { appId } = await listenAt(ann, receiver.urlFor('/canceled'));
      const messageId = await send(ann, appId, 1, { deliverAt: inMs(SECOND_MS), eventId: 'e1' });
      expect((await ann.organization('DELETE', `/app/${appId}/msg/e1`)).status).toBe(204);
      expect(await get(appId, messageId)).toMatchObject({ state: 'canceled' });
      expect(await ann.organization('DELETE', `/app/${appId}/msg/${messageId}`)).toMatchObject({
        status: 409,
        body: { code: 'not_scheduled' },
      });

      const later = await send(ann, appId, 2, { deliverAt: inMs(1.5 * SECOND_MS) });
      await eventually(() => arrivals('/canceled').length > 0);
      expect(arrivals('/canceled').map(({ headers }) => headers['webhook-id'])).toEqual([later]);
      expect(await ann.organization('DELETE', `/app/${appId}/msg/${later}`)).toMatchObject({ status: 409 });
      expect(await ann.organization('DELETE', `/app/${appId}/msg/nobody`)).toMatchObject({ status: 404 });
    });
  });

  describe('whose payload is kept for some hours only', () => {
    const expire = (messageId: string) =>
      app.http.get(Sql).run(`UPDATE message SET payload_expires_at = now() WHERE id = $1 AND payload_expires_at > now()`, [messageId]);

    it('show that it is gone, and are not delivered any more', async () => {
      const { appId } = await listenAt(ann, receiver.urlFor('/gone'));
      receiver.answer({ status: 500 });
      const messageId = await send(ann, appId, 7, { payloadRetentionHours: 1 });
      await eventually(() => arrivals('/gone').length === 1);
      expect(await get(appId, messageId)).toMatchObject({ payload: { n: 7 } });
      await expire(messageId);
      expect(await get(appId, messageId)).toMatchObject({ payload: { expired: true } });
      await app.http.get(Sql).run('UPDATE pending_delivery SET next_at = now() WHERE message_id = $1', [messageId]);
      await app.http.get(Sql).run('UPDATE delivery_lane SET due_at = now()');
      expect(await eventually(async () => (await statusOf(appId, messageId))?.reason === 'payload_expired')).toBe(true);
      expect(arrivals('/gone')).toHaveLength(1);
    });

    it.each([
      ['payloadRetentionHours', 2, 2],
      ['payloadRetentionPeriod', 5, 120],
    ])('keep it for %s %i', async (field, value, hours) => {
      const appId = await newApp();
      const messageId = await send(ann, appId, 1, { [field]: value });
      const [row] = await app.http
        .get(Sql)
        .run<{ hours: string }>('SELECT extract(epoch FROM payload_expires_at - created_at) / 3600 AS hours FROM message WHERE id = $1', [
          messageId,
        ]);
      expect(Number(row?.hours)).toBe(hours);
    });
  });

  describe('that come with their application', () => {
    const message = (uid?: string) => ({ eventType: 'a.b', payload: {}, application: { name: 'Inline', uid } });

    it('make it once, however many come at the same time', async () => {
      const replies = await Promise.all(Array.from({ length: 10 }, () => ann.organization('POST', '/app/inline/msg', message('inline'))));
      expect(replies.map(({ status }) => status)).toEqual(Array(10).fill(202));
      expect(await ann.organization('GET', '/app/inline')).toMatchObject({ status: 200, body: { name: 'Inline', uid: 'inline' } });
      expect(await ann.organization('POST', '/app/inline/msg', message('other'))).toMatchObject({ status: 422 });
      expect(await ann.organization('POST', '/app/nobody/msg', message())).toMatchObject({ status: 422 });
    });

    it('do not need it when it is there, and do not change it', async () => {
      const appId = await newApp('there');
      expect(await ann.organization('POST', '/app/there/msg', message('there'))).toMatchObject({ status: 202 });
      expect(await ann.organization('POST', `/app/${appId}/msg`, message('there'))).toMatchObject({ status: 202 });
      expect(await ann.organization('GET', '/app/there')).toMatchObject({ body: { id: appId, name: 'Acme' } });
    });

    it('may not make it for a key that may send and nothing else', async () => {
      const key = await ann.user<{ token: string }>('POST', '/api-key', { name: 'sends', scopes: ['message.write'] });
      const call = callerOf(app, expected(201, key).token);
      expect(await call('POST', '/app/forbidden/msg', message('forbidden'))).toMatchObject({
        status: 403,
        body: { code: 'insufficient_permission' },
      });
      expect(await call('POST', '/app/inline/msg', message('inline'))).toMatchObject({ status: 202 });
    });
  });

  describe('sent as they are', () => {
    it.each([
      ['<invoice/>', '<invoice/>'],
      ['[1,2]', '[1,2]'],
      ['{"n": 1.0}', { n: 1 }],
    ])('arrive as %s', async (rawPayload, shown) => {
      const path = `/raw/${Buffer.from(rawPayload).toString('hex')}`;
      const { appId } = await listenAt(ann, receiver.urlFor(path));
      const messageId = await send(ann, appId, 1, { transformationsParams: { rawPayload } });
      const arrived = await eventually(() => arrivals(path)[0], { what: 'the delivery' });
      expect(arrived.body.toString()).toBe(rawPayload);
      expect(await get(appId, messageId)).toMatchObject({ payload: shown });
    });
  });

  describe('in a batch', () => {
    const batch = async (appId: string, messages: unknown[], query = '') =>
      expected(202, await ann.organization<Batch>('POST', `/app/${appId}/msg/batch${query}`, { messages })).results;

    it('are accepted one by one: each has its own result, in order', async () => {
      const { appId } = await listenAt(ann, receiver.urlFor('/batch'));
      await send(ann, appId, 0, { eventId: 'known' });
      const results = await batch(appId, [
        { eventType: 'a.b', payload: { n: 1 }, eventId: 'e1', tags: ['t'] },
        { eventType: 'a.b', payload: { n: 2 }, eventId: 'e1' },
        { eventType: 'a.b', payload: { n: 3 }, eventId: 'known' },
        { eventType: 'a b', payload: {} },
        'text',
        { eventType: 'a.b', payload: {}, deliverAt: '2020-01-01T00:00:00Z' },
        { eventType: 'a.b', data: { n: 4 } },
      ]);
      expect(results.map(({ status }) => status)).toEqual([202, 409, 409, 422, 422, 422, 202]);
      expect(results[0]!.message).toMatchObject({ eventId: 'e1', payload: { n: 1 }, tags: ['t'], state: 'accepted' });
      expect(results[1]!.error).toMatchObject({ code: 'conflict' });
      expect(results[3]!.error).toMatchObject({ code: 'validation_error', detail: [{ loc: ['body', 'eventType'] }] });
      expect(results[5]!.error).toMatchObject({ detail: [{ loc: ['body', 'deliverAt'] }] });
      expect(await get(appId, results[6]!.message!.id)).toEqual(results[6]!.message);
      await eventually(() => arrivals('/batch').length === 3);
      expect(
        arrivals('/batch')
          .map(({ body }) => body.toString())
          .sort(),
      ).toEqual(['{"n":0}', '{"n":1}', '{"n":4}']);
    });

    it('keep their bytes', async () => {
      const appId = await newApp();
      const payload = '{ "big":12345678901234567890, "a":[ "]}" ] }';
      const reply = await app.http.inject({
        method: 'POST',
        url: `/api/v1/app/${appId}/msg/batch`,
        headers: { authorization: `Bearer ${ann.apiKey}`, 'content-type': 'application/json' },
        payload: `{"messages" : [ {"eventType":"a.b","payload":{}} , {"eventType":"a.b", "payload": ${payload} } ] }`,
      });
      expect(reply.statusCode).toBe(202);
      expect(reply.body).toContain(`"payload":${payload}}`);
    });

    it('are up to 500, and leave their payloads out of the answer on demand', async () => {
      const appId = await newApp();
      const messages = (count: number) => Array.from({ length: count }, (_, n) => ({ eventType: 'a.b', payload: { n } }));
      const results = await batch(appId, messages(500), '?with_content=false');
      expect(results.filter(({ status, message }) => status === 202 && JSON.stringify(message?.payload) === '{}')).toHaveLength(500);
      expect(new Set(results.map(({ message }) => message!.id)).size).toBe(500);
      for (const count of [0, 501])
        expect(await ann.organization('POST', `/app/${appId}/msg/batch`, { messages: messages(count) })).toMatchObject({
          status: 422,
          body: { detail: [{ loc: ['body', 'messages'] }] },
        });
    });

    it('know each member of their body', async () => {
      const body = { messages: [{ eventType: 'a.b', payload: {}, fromTheFuture: true }] };
      const path = `/app/${await newApp()}/msg/batch`;
      expect((await ann.organization('POST', path, body)).status).toBe(202);
      const refused = { status: 422, body: { detail: [{ loc: ['body'], type: 'value_error' }] } };
      expect(await ann.organization('POST', path, { ...body, atomic: true })).toMatchObject(refused);
    });

    it('make their application once, and are refused together where there is none', async () => {
      const message = { eventType: 'a.b', payload: {} };
      const application = { name: 'Batch', uid: 'batch' };
      expect(await ann.organization('POST', '/app/batch/msg/batch', { messages: [message] })).toMatchObject({ status: 404 });
      const results = await batch('batch', [{ ...message, application }, message, { ...message, application }]);
      expect(results.map(({ status }) => status)).toEqual([202, 202, 202]);
    });
  });

  describe('of an event type with a schema', () => {
    const schema = { type: 'object', required: ['total'], properties: { total: { type: 'number' } } };
    const eventType = async (name: string, validation: string) =>
      ann.organization('PUT', `/event-type/${name}`, { description: '', validation, schemas: { 1: { type: 'string' }, 2: schema } });
    const post = (appId: string, type: string, payload: object) =>
      ann.organization('POST', `/app/${appId}/msg`, { eventType: type, payload });

    it('are refused where they break it, with a pointer for each place', async () => {
      const appId = await newApp();
      await eventType('strict', 'reject');
      expect(await post(appId, 'strict', { total: 1 })).toMatchObject({ status: 202 });
      expect(await post(appId, 'strict', { total: 'x' })).toMatchObject({
        status: 422,
        body: { detail: [{ loc: ['body', 'payload', 'total'], pointer: '/total', msg: 'must be number', type: 'schema_error' }] },
      });
      expect(await post(appId, 'strict', {})).toMatchObject({ status: 422, body: { detail: [{ pointer: '' }] } });
      const { data } = expected(200, await ann.organization<Page>('GET', `/app/${appId}/msg`));
      expect(data).toHaveLength(1);
    });

    it('are accepted with a warning where it only warns', async () => {
      const appId = await newApp();
      await eventType('mild', 'warn');
      expect(await post(appId, 'mild', { total: 'x' })).toMatchObject({
        status: 202,
        body: { warnings: [{ pointer: '/total', msg: 'must be number' }] },
      });
      expect((await post(appId, 'mild', { total: 1 })).body).not.toHaveProperty('warnings');
    });

    it('are held to the schema of this moment: a change counts for the very next message', async () => {
      const appId = await newApp();
      const statusWith = async (validation: string) => {
        await eventType('changing', validation);
        return (await post(appId, 'changing', {})).status;
      };
      const modes = ['off', 'reject', 'warn', 'reject', 'off', 'reject'];
      const statuses: number[] = [];
      for (const mode of modes) statuses.push(await statusWith(mode));
      expect(statuses).toEqual(modes.map((mode) => (mode === 'reject' ? 422 : 202)));
      await ann.organization('PATCH', '/event-type/changing', { schemas: { 3: true } });
      expect((await post(appId, 'changing', {})).status).toBe(202);
      await ann.organization('DELETE', '/event-type/changing?expunge=true');
      expect((await post(appId, 'changing', {})).status).toBe(202);
    });

    it('are each judged alone in a batch, and in what is sent as it is', async () => {
      const appId = await newApp();
      await eventType('batched', 'reject');
      const messages = [{ total: 1 }, {}, { total: 2 }].map((payload) => ({ eventType: 'batched', payload }));
      const { results } = expected(202, await ann.organization<Batch>('POST', `/app/${appId}/msg/batch`, { messages }));
      expect(results.map(({ status }) => status)).toEqual([202, 422, 202]);
      expect(results[1]!.error).toMatchObject({ code: 'validation_error', detail: [{ pointer: '' }] });
      const raw = (rawPayload: string) =>
        ann.organization('POST', `/app/${appId}/msg`, { eventType: 'batched', payload: {}, transformationsParams: { rawPayload } });
      expect([await raw('{"total":1}'), await raw('{}'), await raw('<a/>')].map(({ status }) => status)).toEqual([202, 422, 422]);
    });

    it('do not keep an event id when they are refused', async () => {
      const appId = await newApp();
      await eventType('ids', 'reject');
      const withId = (payload: object) => ann.organization('POST', `/app/${appId}/msg`, { eventType: 'ids', payload, eventId: 'once' });
      expect([(await withId({})).status, (await withId({ total: 1 })).status]).toEqual([422, 202]);
    });

    it.each([
      [{ type: 'text' }, '1'],
      [{ pattern: '(a+)+$' }, '1'],
      [{ title: '\u0000' }, '1'],
      [{ $ref: 'https://example.com/x' }, '1'],
    ])('cannot have one like %j', async (bad, version) => {
      for (const body of [{ name: 'bad', description: '', schemas: { [version]: bad } }])
        expect(await ann.organization('POST', '/event-type', body)).toMatchObject({
          status: 422,
          body: { detail: [{ loc: ['body', 'schemas', version] }] },
        });
    });
  });

  describe('that are expunged', () => {
    it('lose their payload for good, and what waits is not sent', async () => {
      const { appId } = await listenAt(ann, receiver.urlFor('/expunged'));
      receiver.answer({ status: 500 });
      const messageId = await send(ann, appId, 1);
      await eventually(() => arrivals('/expunged').length === 1);
      expect((await ann.organization('DELETE', `/app/${appId}/msg/${messageId}/content`)).status).toBe(204);
      expect(await get(appId, messageId)).toMatchObject({ payload: { expired: true } });
      expect((await ann.organization('DELETE', `/app/${appId}/msg/nobody/content`)).status).toBe(404);
    });

    it('are kept, with their attempts, while their organization is under legal hold', async () => {
      const { appId } = await listenAt(ann, receiver.urlFor('/held'));
      const id = await send(ann, appId);
      const { body } = await eventually(async () => {
        const attempts = await ann.organization<{ data: { id: string }[] }>('GET', `/app/${appId}/attempt/msg/${id}`);
        return attempts.body.data.length === 1 && attempts;
      });
      const attempt = body.data[0]!.id;
      const refused = { status: 409, body: { code: 'legal_hold' } };
      const sql = app.http.get(Sql, { strict: false });
      await sql.run('INSERT INTO legal_hold (organization_id) VALUES ($1)', [ann.organizationId]);
      try {
        expect(await ann.organization('DELETE', `/app/${appId}/msg/${id}/content`)).toMatchObject(refused);
        expect(await ann.organization('POST', `/app/${appId}/msg/bulk-expunge`, { ids: [id] })).toMatchObject(refused);
        expect(await ann.organization('POST', `/app/${appId}/msg/expunge-all-contents`)).toMatchObject(refused);
        expect(await ann.organization('DELETE', `/app/${appId}/msg/${id}/attempt/${attempt}/content`)).toMatchObject(refused);
        expect(await ann.organization('GET', `/app/${appId}/msg/${id}`)).toMatchObject({ body: { payload: { n: 0 } } });
      } finally {
        await sql.run('DELETE FROM legal_hold');
      }
      expect(await ann.organization('DELETE', `/app/${appId}/msg/${id}/content`)).toMatchObject({ status: 204 });
    });

    it('are found by id or event id, several at once', async () => {
      const appId = await newApp();
      const [first, second] = [await send(ann, appId, 1), await send(ann, appId, 2, { eventId: 'e2' })];
      const kept = await send(ann, appId, 3);
      const foreign = await send(ann, await newApp(), 4);
      expect(await ann.organization('POST', `/app/${appId}/msg/bulk-expunge`, { ids: [first, 'e2', 'nobody', foreign] })).toMatchObject({
        status: 200,
        body: { results: { [first]: 'expunged', e2: 'expunged', nobody: 'not-found', [foreign]: 'not-found' } },
      });
      expect([await get(appId, first), await get(appId, second)].map(({ payload }) => payload)).toEqual(Array(2).fill({ expired: true }));
      expect(await get(appId, kept)).toMatchObject({ payload: { n: 3 } });
      expect(await ann.organization('POST', `/app/${appId}/msg/bulk-expunge`, {})).toMatchObject({ status: 200, body: { results: {} } });
    });
  });

  it('are prechecked: whether anybody would get one', async () => {
    const { appId, endpointId } = await listenAt(ann, receiver.url, { eventTypes: undefined, channels: ['a'] });
    const active = async (channels?: string[]) =>
      expected(200, await ann.organization<{ active: boolean }>('POST', `/app/${appId}/msg/precheck/active`, { eventType: 'x', channels }))
        .active;
    expect([await active(['a', 'b']), await active(['b']), await active()]).toEqual([true, false, false]);
    await ann.organization('PATCH', `/app/${appId}/endpoint/${endpointId}`, { disabled: true });
    expect(await active(['a'])).toBe(false);
    await addEndpoint(ann, appId, receiver.url);
    expect(await active()).toBe(true);
  });

  it('of more than 90 days ago are listed when `after` goes back that far', async () => {
    const appId = await newApp();
    const fresh = await send(ann, appId, 1);
    const { organizationId } = ann;
    const old = firstIdAt('msg', new Date('2023-01-01T00:00:00Z'));
    await app.http
      .get(Sql)
      .run(
        `INSERT INTO message (id, organization_id, application_id, event_type, created_at) VALUES ($1, $2, $3, 'a.b', '2023-01-01T00:00:00Z')`,
        [old, organizationId, appId],
      );
    const ids = async (query = '') =>
      expected(200, await ann.organization<Page>('GET', `/app/${appId}/msg${query}`)).data.map(({ id }) => id);
    expect(await ids()).toEqual([fresh]);
    expect(await ids('?after=2000-01-01T00:00:00Z')).toEqual([fresh, old]);
  });
});
