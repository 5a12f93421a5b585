import * as svix2 from 'svix';
import * as svix1 from 'svix-v1';
import { Webhook } from 'standardwebhooks';
import { signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { type Receiver, startReceiver } from '../support/receiver';
import { Svix1, Svix2 } from '../support/sdk';

/** Both generations of the official client, as users install them: what they do to messages and event types. */
describe('svix', () => {
  let app: TestApp;
  let receiver: Receiver;
  let clients: { v1: Svix1; v2: Svix2 };

  beforeAll(async () => {
    [app, receiver] = await Promise.all([startTestApp({ worker: true }), startReceiver()]);
    const { apiKey } = await signUp(app);
    const serverUrl = await app.listen();
    clients = { v1: new Svix1(apiKey, { serverUrl }), v2: new Svix2(apiKey, { serverUrl }) };
  });
  afterAll(async () => {
    await app.stop();
    await receiver.stop();
  });

  describe.each(['v1', 'v2'] as const)('%s', (generation) => {
    // What both generations have in common, by the types of the older one.
    const client = () => clients[generation] as Svix1;
    const { messageInRaw } = generation === 'v1' ? svix1 : svix2;
    let appId: string;

    beforeAll(async () => {
      appId = (await client().application.create({ name: 'Acme', uid: `acme-${generation}` })).id;
    });

    it('sends a message with all that it can carry, and reads it back', async () => {
      const deliverAt = new Date(Date.now() + 3_600_000);
      const sent = await client().message.create(
        appId,
        { eventType: 'a.b', eventId: 'e1', payload: { n: 1 }, channels: ['c'], tags: ['t 1'], deliverAt, payloadRetentionHours: 24 },
        { withContent: true },
      );
      expect(sent).toMatchObject({ eventType: 'a.b', eventId: 'e1', payload: { n: 1 }, channels: ['c'], tags: ['t 1'], deliverAt });
      expect(await client().message.get(appId, 'e1', { withContent: true })).toEqual(sent);
      expect(await client().message.get(appId, sent.id, { withContent: false })).toMatchObject({ payload: {} });
      const filters = { channel: 'c', tag: 't 1', eventTypes: ['a.b', 'x'], withContent: true, after: new Date(0), limit: 5 };
      expect(await client().message.list(appId, filters)).toMatchObject({ data: [sent], done: true, iterator: sent.id });
      expect((await client().message.list(appId, { tag: 't' })).data).toEqual([]);
      await expect(client().message.create(appId, { eventType: 'a.b', eventId: 'e1', payload: {} })).rejects.toMatchObject({ code: 409 });
    });

    it('sends a message with its application', async () => {
      const uid = `inline-${generation}`;
      const sent = await client().message.create(uid, {
        eventType: 'a.b',
        payload: {},
        application: { name: 'Inline', uid },
        payloadRetentionPeriod: 30,
      });
      expect(await client().message.get(uid, sent.id)).toMatchObject({ id: sent.id });
      expect(await client().application.get(uid)).toMatchObject({ name: 'Inline' });
    });

    it('sends a body of its own making', async () => {
      const path = `/raw-${generation}`;
      const endpoint = await client().endpoint.create(appId, { url: receiver.urlFor(path) });
      await client().message.create(appId, messageInRaw('a.b', '<a/>'));
      const arrived = await eventually(() => receiver.requests.find((request) => request.path === path), { what: 'the delivery' });
      expect(arrived.body.toString()).toBe('<a/>');
      const { key } = await client().endpoint.getSecret(appId, endpoint.id);
      expect(() => new Webhook(key).verify(arrived.body, arrived.headers as Record<string, string>)).toThrow(/JSON/);
      await client().endpoint.delete(appId, endpoint.id);
    });

    it('asks whether anybody wants a message', async () => {
      expect(await client().message.precheck(appId, { eventType: 'a.b', channels: ['c'] })).toEqual({ active: false });
      const endpoint = await client().endpoint.create(appId, { url: receiver.url, channels: ['c'] });
      expect(await client().message.precheck(appId, { eventType: 'a.b', channels: ['c'] })).toEqual({ active: true });
      expect(await client().message.precheck(appId, { eventType: 'a.b' })).toEqual({ active: false });
      await client().endpoint.delete(appId, endpoint.id);
    });

    it('expunges the content of a message', async () => {
      const { id } = await client().message.create(appId, { eventType: 'a.b', payload: { secret: true } });
      await client().message.expungeContent(appId, id);
      expect(await client().message.get(appId, id, { withContent: true })).toMatchObject({ payload: { expired: true } });
    });

    it('makes, reads, changes, lists and archives event types', async () => {
      const name = `user.created-${generation}`;
      const schemas = { '1': { type: 'object' } };
      const created = await client().eventType.create({ name, description: 'x', schemas, groupName: 'user', featureFlags: ['beta'] });
      expect(created).toMatchObject({ name, schemas, groupName: 'user', featureFlags: ['beta'], featureFlag: 'beta', archived: false });
      expect(await client().eventType.get(name)).toEqual(created);
      expect(await client().eventType.patch(name, { description: 'y', featureFlags: null })).toMatchObject({
        description: 'y',
        featureFlags: null,
        groupName: 'user',
      });
      const list = await client().eventType.list({ limit: 250, withContent: true });
      expect(list.data.find((each) => each.name === name)).toMatchObject({ schemas });
      await client().eventType.delete(name);
      expect(await client().eventType.get(name)).toMatchObject({ archived: true });
      expect((await client().eventType.list({ includeArchived: true, limit: 250 })).data.map((each) => each.name)).toContain(name);
      expect(await client().eventType.create({ name, description: 'z' })).toMatchObject({ archived: false, description: 'z' });
      await client().eventType.delete(name, { expunge: true });
      await expect(client().eventType.get(name)).rejects.toMatchObject({ code: 404 });
    });
  });

  it('v1 replaces an event type with update, v2 with upsert', async () => {
    expect(await clients.v1.eventType.update('put', { description: 'one', schemas: { '1': {} } })).toMatchObject({ description: 'one' });
    expect(await clients.v2.eventType.upsert('put', { description: 'two' })).toMatchObject({ description: 'two', schemas: null });
  });

  it('v2 expunges the contents of several messages', async () => {
    const { id: appId } = await clients.v2.application.create({ name: 'Bulk' });
    const { id } = await clients.v2.message.create(appId, { eventType: 'a.b', payload: { n: 1 } });
    expect(await clients.v2.message.bulkExpungeContent(appId, { ids: [id, 'nobody'] })).toEqual({
      results: { [id]: 'expunged', nobody: 'not-found' },
    });
    expect(await clients.v2.message.get(appId, id, { withContent: true })).toMatchObject({ payload: { expired: true } });
  });
});
