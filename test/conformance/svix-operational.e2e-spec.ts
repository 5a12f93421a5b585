import * as svix2 from 'svix';
import * as svix1 from 'svix-v1';
import { Webhook } from 'standardwebhooks';
import { signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { type Receiver, startReceiver } from '../support/receiver';
import { Svix1, Svix2 } from '../support/sdk';

const URL_ = 'https://example.com/ops';
const key = (byte: number) => `whsec_${Buffer.alloc(24, byte).toString('base64')}`;

/** Both generations of the official client, as users install them: operational webhooks, and examples. */
describe('svix', () => {
  let app: TestApp;
  let receiver: Receiver;
  let v1: Svix1;
  let v2: Svix2;

  beforeAll(async () => {
    app = await startTestApp({ worker: true });
    const serverUrl = await app.listen();
    const [first, second] = [await signUp(app, 'Ann'), await signUp(app, 'Bob')];
    v1 = new Svix1(first.apiKey, { serverUrl });
    v2 = new Svix2(second.apiKey, { serverUrl });
  });
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.stop());
  afterAll(() => app.stop());

  /** The first request that was signed by this key. */
  async function told(secret: string): Promise<unknown> {
    const [request] = await receiver.received(1);
    return new Webhook(secret).verify(request!.body, request!.headers as Record<string, string>);
  }

  describe.each([
    ['operationalWebhookEndpoint', () => v1.operationalWebhookEndpoint],
    ['operationalWebhook.endpoint', () => v1.operationalWebhook.endpoint],
  ])('1.99.1 %s', (_, operational) => {
    it('keeps operational webhooks through their whole life', async () => {
      const { id, createdAt, ...created } = await operational().create({
        url: URL_,
        uid: 'ops',
        description: 'Ops',
        filterTypes: ['endpoint.disabled', 'message.attempt.exhausted'],
        metadata: { team: 'a' },
        rateLimit: 7,
        secret: key(1),
      });
      expect(created).toEqual({
        url: URL_,
        uid: 'ops',
        description: 'Ops',
        disabled: false,
        filterTypes: ['endpoint.disabled', 'message.attempt.exhausted'],
        metadata: { team: 'a' },
        rateLimit: 7,
        throttleRate: 7,
        updatedAt: createdAt,
      });
      expect(id).toMatch(/^ep_/);
      expect(await operational().get('ops')).toEqual({ id, createdAt, ...created });
      const updated = await operational().update('ops', { url: `${URL_}2`, disabled: true });
      expect(updated).toMatchObject({ id, uid: 'ops', url: `${URL_}2`, disabled: true, filterTypes: null, metadata: {}, description: '' });
      expect(await operational().update('made-by-update', { url: URL_ })).toMatchObject({ uid: 'made-by-update', disabled: false });
      const newest = await operational().list({ limit: 1, order: svix1.Ordering.Descending });
      expect(newest).toMatchObject({ data: [{ uid: 'made-by-update' }], done: false });
      const oldest = await operational().list({ limit: 1, iterator: newest.iterator, order: svix1.Ordering.Descending });
      expect(oldest).toMatchObject({ data: [updated], done: true });
      const back = await operational().list({ limit: 1, iterator: oldest.prevIterator!, order: svix1.Ordering.Descending });
      expect(back.data).toEqual(newest.data);
      expect((await operational().list({ order: svix1.Ordering.Ascending })).data.map(({ uid }) => uid)).toEqual(['ops', 'made-by-update']);
      await operational().delete('ops');
      await expect(operational().get(id)).rejects.toMatchObject({ code: 404, body: { code: 'not_found' } });
      await operational().delete('made-by-update');
      expect(await operational().list()).toMatchObject({ data: [], done: true });
    });

    it('keeps their keys and headers', async () => {
      const { id } = await operational().create({ url: URL_, secret: key(2) });
      expect(await operational().getSecret(id)).toEqual({ key: key(2) });
      await operational().rotateSecret(id, { key: key(3) });
      expect(await operational().getSecret(id)).toEqual({ key: key(3) });
      await operational().rotateSecret(id);
      expect((await operational().getSecret(id)).key).toMatch(/^whsec_/);
      await operational().updateHeaders(id, { headers: { 'X-A': '1', Authorization: 'Basic x' } });
      expect(await operational().getHeaders(id)).toEqual({ headers: { 'X-A': '1' }, sensitive: ['Authorization'] });
      await operational().delete(id);
    });
  });

  describe('1.99.1', () => {
    const operational = () => v1.operationalWebhook.endpoint;

    it('is told, and told what it may ask for', async () => {
      const { id } = await operational().create({ url: receiver.url, filterTypes: ['endpoint.created'], secret: key(4) });
      await v1.application.create({ name: 'Acme', uid: 'acme' });
      const endpoint = await v1.endpoint.create('acme', { url: URL_, uid: 'main' });
      const { id: appId } = await v1.application.get('acme');
      expect(await told(key(4))).toEqual({
        type: 'endpoint.created',
        data: { appId, appUid: 'acme', endpointId: endpoint.id, endpointUid: 'main' },
      });
      const refused = operational().create({ url: URL_, filterTypes: ['endpoint.created', 'user.created'] });
      await expect(refused).rejects.toMatchObject({ code: 422, body: { detail: [{ loc: ['body', 'filterTypes', 1] }] } });
      await operational().delete(id);
    });

    it('sends examples', async () => {
      const { id: appId } = await v1.application.create({ name: 'Examples' });
      const { id } = await v1.endpoint.create(appId, { url: receiver.url, secret: key(5) });
      const examples = [{ id: 'in_1' }, { id: 'in_2' }];
      await v1.eventType.create({ name: 'invoice.paid', description: '', schemas: { 1: { examples } } });
      const message = await v1.endpoint.sendExample(appId, id, { eventType: 'invoice.paid' }, { idempotencyKey: 'example-1' });
      expect(message).toMatchObject({ eventType: 'invoice.paid', payload: examples[0], timestamp: expect.any(Date) as Date });
      expect(await told(key(5))).toEqual(examples[0]);
      expect(receiver.requests[0]?.headers['svix-id']).toBe(message.id);
      expect(await v1.message.get(appId, message.id)).toEqual(message);
      expect(await v1.endpoint.sendExample(appId, id, { eventType: 'svix.ping' })).toMatchObject({ payload: { success: true } });
      await expect(v1.endpoint.sendExample(appId, id, { eventType: 'unknown' })).rejects.toMatchObject({ code: 422 });
      await v1.eventType.create({ name: 'bare', description: '' });
      await expect(v1.endpoint.sendExample(appId, id, { eventType: 'bare' })).rejects.toMatchObject({
        code: 400,
        body: { code: 'invalid_scheme' },
      });
    });
  });

  describe('2.5.0', () => {
    const operational = () => v2.operationalWebhook.endpoint;

    it('keeps operational webhooks through their whole life', async () => {
      const { id, createdAt, ...created } = await operational().create({
        url: URL_,
        uid: 'ops',
        description: 'Ops',
        eventTypes: ['endpoint.disabled', 'message.attempt.exhausted'],
        metadata: { team: 'a' },
        throttleRate: 7,
        secret: key(1),
        headers: { 'X-Made': '1' },
      });
      expect(created).toEqual({
        url: URL_,
        uid: 'ops',
        description: 'Ops',
        disabled: false,
        eventTypes: ['endpoint.disabled', 'message.attempt.exhausted'],
        metadata: { team: 'a' },
        throttleRate: 7,
        updatedAt: createdAt,
      });
      expect(await operational().get('ops')).toEqual({ id, createdAt, ...created });
      expect(await operational().getHeaders('ops')).toEqual({ headers: { 'X-Made': '1' }, sensitive: [] });
      const updated = await operational().upsert('ops', { url: `${URL_}2`, disabled: true, eventTypes: ['endpoint.deleted'] });
      expect(updated).toMatchObject({ id, uid: 'ops', url: `${URL_}2`, disabled: true, eventTypes: ['endpoint.deleted'], metadata: {} });
      expect(await operational().upsert('made-by-upsert', { url: URL_ })).toMatchObject({ uid: 'made-by-upsert', eventTypes: null });
      const newest = await operational().list({ limit: 1, order: svix2.Ordering.Descending });
      expect(newest).toMatchObject({ data: [{ uid: 'made-by-upsert' }], done: false });
      const oldest = await operational().list({ limit: 1, iterator: newest.iterator, order: svix2.Ordering.Descending });
      expect(oldest).toMatchObject({ data: [updated], done: true });
      const back = await operational().list({ limit: 1, iterator: oldest.prevIterator!, order: svix2.Ordering.Descending });
      expect(back.data).toEqual(newest.data);
      expect((await operational().list({ order: svix2.Ordering.Ascending })).data.map(({ uid }) => uid)).toEqual(['ops', 'made-by-upsert']);
      await operational().delete('ops');
      await expect(operational().get(id)).rejects.toMatchObject({ code: 404, body: { code: 'not_found' } });
      await operational().delete('made-by-upsert');
      expect(await operational().list()).toMatchObject({ data: [], done: true });
    });

    it('keeps their keys and headers', async () => {
      const { id } = await operational().create({ url: URL_, secret: key(2) });
      expect(await operational().getSecret(id)).toEqual({ key: key(2) });
      await operational().rotateSecret(id, { key: key(3), gracePeriodSeconds: 0 });
      expect(await operational().getSecret(id)).toEqual({ key: key(3) });
      await operational().rotateSecret(id, { key: null, gracePeriodSeconds: null });
      expect((await operational().getSecret(id)).key).toMatch(/^whsec_/);
      await operational().setHeaders(id, { headers: { 'X-A': '1', Authorization: 'Basic x' } });
      expect(await operational().getHeaders(id)).toEqual({ headers: { 'X-A': '1' }, sensitive: ['Authorization'] });
      await operational().delete(id);
    });

    it('is told, and told what it may ask for', async () => {
      const { id } = await operational().create({ url: receiver.url, eventTypes: ['endpoint.disabled'], secret: key(4) });
      const { id: appId } = await v2.application.create({ name: 'Acme', uid: 'acme' });
      const endpoint = await v2.endpoint.create('acme', { url: URL_, uid: 'main' });
      await v2.endpoint.patch('acme', 'main', { disabled: true });
      expect(await told(key(4))).toEqual({
        type: 'endpoint.disabled',
        data: { appId, appUid: 'acme', endpointId: endpoint.id, endpointUid: 'main', trigger: 'manual' },
      });
      const refused = operational().create({ url: URL_, eventTypes: ['endpoint.created', 'user.created'] });
      await expect(refused).rejects.toMatchObject({ code: 422, body: { detail: [{ loc: ['body', 'eventTypes', 1] }] } });
      await operational().delete(id);
    });

    it('sends examples', async () => {
      const { id: appId } = await v2.application.create({ name: 'Examples' });
      const { id } = await v2.endpoint.create(appId, { url: receiver.url, secret: key(5) });
      const examples = [{ id: 'in_1' }, { id: 'in_2' }];
      await v2.eventType.create({ name: 'invoice.paid', description: '', schemas: { 1: { examples } } });
      const message = await v2.endpoint.sendExample(appId, id, { eventType: 'invoice.paid', exampleIndex: 1 }, { idempotencyKey: 'e' });
      expect(message).toMatchObject({ eventType: 'invoice.paid', payload: examples[1], timestamp: expect.any(Date) as Date });
      expect(await told(key(5))).toEqual(examples[1]);
      expect(receiver.requests[0]?.headers['svix-id']).toBe(message.id);
      expect(await v2.message.get(appId, message.id, { withContent: true })).toEqual(message);
      expect(await v2.endpoint.sendExample(appId, id, { eventType: 'invoice.paid' })).toMatchObject({ payload: examples[0] });
      expect(await v2.endpoint.sendExample(appId, id, { eventType: 'svix.ping' })).toMatchObject({ payload: { success: true } });
      await eventually(() => receiver.requests.length === 3, { what: 'all examples' });
      await expect(v2.endpoint.sendExample(appId, id, { eventType: 'unknown' })).rejects.toMatchObject({ code: 422 });
      await expect(v2.endpoint.sendExample(appId, id, { eventType: 'invoice.paid', exampleIndex: 2 })).rejects.toMatchObject({
        code: 400,
        body: { code: 'invalid_scheme' },
      });
    });
  });
});
