import { ApiException, Ordering } from 'svix-v1';
import { type Account, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { Svix1 as Svix } from '../support/sdk';

const URL_ = 'https://example.com/hook';

/** The official client, as users install it, pointed at a listening API. */
describe('svix 1.99.1 configures', () => {
  let app: TestApp;
  let ann: Account;
  let svix: Svix;

  beforeAll(async () => {
    app = await startTestApp({ worker: true });
    ann = await signUp(app, 'Ann');
    svix = new Svix(ann.apiKey, { serverUrl: await app.listen() });
  });
  afterAll(() => app.stop());

  const refused = async (call: Promise<unknown>) => {
    const error = await call.catch((caught: unknown) => caught);
    if (error instanceof ApiException) return { status: error.code, body: error.body as { code?: string; detail: unknown } };
    throw new Error(`Expected the API to refuse, got ${JSON.stringify(error)}`);
  };

  describe('applications', () => {
    it('through their whole life', async () => {
      const created = await svix.application.create({ name: 'Acme', uid: 'acme', throttleRate: 10, metadata: { plan: 'pro' } });
      expect(created).toMatchObject({ name: 'Acme', uid: 'acme', throttleRate: 10, rateLimit: 10, metadata: { plan: 'pro' } });
      expect(created.createdAt.getTime()).toBeGreaterThan(Date.parse('2026-01-01'));
      expect(await svix.application.get('acme')).toEqual(created);
      expect(await svix.application.get(created.id)).toEqual(created);
      expect(await svix.application.getOrCreate({ name: 'Other', uid: 'acme' })).toEqual(created);
      expect(await svix.application.update('acme', { name: 'Updated' })).toMatchObject({
        id: created.id,
        name: 'Updated',
        uid: 'acme',
        metadata: {},
      });
      expect(await svix.application.patch('acme', { throttleRate: null, metadata: { a: 'b' } })).toMatchObject({
        name: 'Updated',
        metadata: { a: 'b' },
        throttleRate: null,
      });
      await svix.application.delete('acme');
      expect(await refused(svix.application.get('acme'))).toMatchObject({ status: 404, body: { code: 'not_found' } });
    });

    it('by upsert of one that is missing', async () => {
      const created = await svix.application.update('upserted', { name: 'Upserted' });
      expect(await svix.application.update('upserted', { name: 'Again' })).toMatchObject({ id: created.id, name: 'Again' });
    });

    it('in lists, forth and back', async () => {
      for (const name of ['1', '2', '3', '4', '5']) await svix.application.create({ name: `list-${name}` });
      const names: string[] = [];
      let page = await svix.application.list({ limit: 2 });
      for (; ; page = await svix.application.list({ limit: 2, iterator: page.iterator })) {
        names.push(...page.data.map(({ name }) => name).filter((name) => name.startsWith('list-')));
        if (page.done) break;
      }
      expect(names).toEqual(['list-1', 'list-2', 'list-3', 'list-4', 'list-5']);
      const before = await svix.application.list({ limit: 2, iterator: page.prevIterator! });
      expect(before.data.at(-1)!.createdAt.getTime()).toBeLessThanOrEqual(page.data[0]!.createdAt.getTime());
      const [newest] = (await svix.application.list({ order: Ordering.Descending, limit: 1, excludeAppsWithNoEndpoints: false })).data;
      expect(newest?.name).toBe('list-5');
    });

    it('and understands refusals', async () => {
      await svix.application.create({ name: 'One', uid: 'one' });
      expect(await refused(svix.application.create({ name: 'Two', uid: 'one' }))).toMatchObject({
        status: 409,
        body: { code: 'conflict' },
      });
      expect(await refused(svix.application.create({ name: '' }))).toMatchObject({
        status: 422,
        body: { detail: [{ loc: ['body', 'name'], type: 'value_error' }] },
      });
      expect(await refused(svix.application.list({ limit: 251 }))).toMatchObject({
        status: 422,
        body: { detail: [{ loc: ['query', 'limit'] }] },
      });
      const stranger = new Svix('wrong', { serverUrl: await app.http.getUrl() });
      expect(await refused(stranger.application.list())).toMatchObject({ status: 401 });
    });
  });

  describe('event types', () => {
    it('through their whole life', async () => {
      const schemas = { 1: { type: 'object', properties: { id: { type: 'string' } } } };
      const created = await svix.eventType.create({ name: 'user.created', description: 'A user signed up', schemas, groupName: 'user' });
      expect(created).toMatchObject({ name: 'user.created', description: 'A user signed up', schemas, archived: false, deprecated: false });
      expect(await svix.eventType.get('user.created')).toEqual(created);
      expect(await refused(svix.eventType.create({ name: 'user.created', description: '' }))).toMatchObject({
        status: 409,
        body: { code: 'event_type_exists' },
      });
      expect(await svix.eventType.update('user.created', { description: 'Updated' })).toMatchObject({
        description: 'Updated',
        schemas: null,
      });
      expect(await svix.eventType.patch('user.created', { schemas, deprecated: true })).toMatchObject({
        description: 'Updated',
        schemas,
        deprecated: true,
      });
      await svix.eventType.delete('user.created');
      expect((await svix.eventType.get('user.created')).archived).toBe(true);
      await svix.eventType.create({ name: 'user.created', description: 'Revived' });
      await svix.eventType.delete('user.created', { expunge: true });
      expect(await refused(svix.eventType.get('user.created'))).toMatchObject({ status: 404 });
    });

    it('in lists', async () => {
      for (const name of ['list.b', 'list.a', 'list.c']) await svix.eventType.update(name, { description: '', schemas: { 1: {} } });
      await svix.eventType.delete('list.b');
      const names = async (...[options]: Parameters<typeof svix.eventType.list>) => {
        const { data } = await svix.eventType.list(options);
        return data.filter(({ name }) => name.startsWith('list.')).map(({ name, schemas }) => `${name}${schemas ? '+' : ''}`);
      };
      expect(await names()).toEqual(['list.a', 'list.c']);
      expect(await names({ includeArchived: true, withContent: true })).toEqual(['list.a+', 'list.b+', 'list.c+']);
      expect(await names({ order: Ordering.Descending, withContent: false })).toEqual(['list.c', 'list.a']);
    });
  });

  describe('endpoints', () => {
    beforeAll(async () => {
      await svix.application.create({ name: 'Shop', uid: 'shop' });
      await svix.eventType.create({ name: 'order.paid', description: '' });
    });

    it('through their whole life', async () => {
      const created = await svix.endpoint.create('shop', {
        url: URL_,
        uid: 'main',
        description: 'Main',
        filterTypes: ['order.paid'],
        channels: ['eu'],
        version: 1,
        rateLimit: 9,
      });
      expect(created).toMatchObject({
        url: URL_,
        uid: 'main',
        description: 'Main',
        filterTypes: ['order.paid'],
        channels: ['eu'],
        disabled: false,
        version: 1,
        rateLimit: 9,
        metadata: {},
      });
      expect(await svix.endpoint.get('shop', 'main')).toEqual(created);
      expect(await svix.endpoint.update('shop', 'main', { url: `${URL_}2`, disabled: true })).toMatchObject({
        id: created.id,
        uid: 'main',
        url: `${URL_}2`,
        disabled: true,
        filterTypes: null,
      });
      expect(await svix.endpoint.patch('shop', created.id, { disabled: false, channels: ['us'] })).toMatchObject({
        url: `${URL_}2`,
        disabled: false,
        channels: ['us'],
      });
      expect(await svix.endpoint.patch('shop', created.id, { channels: null, uid: null })).toMatchObject({ channels: null, uid: null });
      expect((await svix.endpoint.list('shop')).data.map(({ id }) => id)).toContain(created.id);
      await svix.endpoint.delete('shop', created.id);
      expect(await refused(svix.endpoint.get('shop', created.id))).toMatchObject({ status: 404 });
    });

    it('with keys and headers', async () => {
      const key = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
      await svix.endpoint.create('shop', { url: URL_, uid: 'keys', secret: key, headers: { 'X-Created': '1' } });
      expect(await svix.endpoint.getSecret('shop', 'keys')).toEqual({ key });
      await svix.endpoint.rotateSecret('shop', 'keys');
      const { key: rotated } = await svix.endpoint.getSecret('shop', 'keys');
      expect(rotated).toMatch(/^whsec_/);
      expect(rotated).not.toBe(key);
      await svix.endpoint.rotateSecret('shop', 'keys', { key, gracePeriodSeconds: 0 });
      expect(await svix.endpoint.getSecret('shop', 'keys')).toEqual({ key });

      expect(await svix.endpoint.getHeaders('shop', 'keys')).toEqual({ headers: { 'X-Created': '1' }, sensitive: [] });
      await svix.endpoint.updateHeaders('shop', 'keys', { headers: { 'X-A': '1', 'X-B': '2', Authorization: 'secret' } });
      await svix.endpoint.patchHeaders('shop', 'keys', { headers: { 'X-C': '3' }, deleteHeaders: ['X-A'] });
      expect(await svix.endpoint.getHeaders('shop', 'keys')).toEqual({ headers: { 'X-B': '2', 'X-C': '3' }, sensitive: ['Authorization'] });

      // By their former names.
      await svix.endpoint.headersUpdate('shop', 'keys', { headers: { 'X-D': '4', 'X-E': '5' } });
      await svix.endpoint.headersPatch('shop', 'keys', { headers: { 'X-F': '6' }, deleteHeaders: ['X-E'] });
      expect(await svix.endpoint.getHeaders('shop', 'keys')).toEqual({ headers: { 'X-D': '4', 'X-F': '6' }, sensitive: [] });
    });

    it('with code that changes their messages', async () => {
      const code = 'function handler(webhook) { webhook.payload = { text: webhook.eventType }; return webhook; }';
      expect(await svix.endpoint.transformationGet('shop', 'keys')).toEqual({
        code: null,
        enabled: false,
        updatedAt: null,
        variables: null,
      });
      await svix.endpoint.patchTransformation('shop', 'keys', { code, enabled: true, variables: { a: 'b' } });
      const kept = { code, enabled: true, updatedAt: expect.any(Date) as Date, variables: { a: 'b' } };
      expect(await svix.endpoint.transformationGet('shop', 'keys')).toEqual(kept);
      // By its former name.
      await svix.endpoint.transformationPartialUpdate('shop', 'keys', { enabled: false });
      expect(await svix.endpoint.transformationGet('shop', 'keys')).toEqual({ ...kept, enabled: false });
    });

    it('in lists, newest first', async () => {
      await svix.application.create({ name: 'List', uid: 'list' });
      for (const uid of ['1', '2', '3']) await svix.endpoint.create('list', { url: URL_, uid });
      const first = await svix.endpoint.list('list', { limit: 2 });
      expect(first).toMatchObject({ data: [{ uid: '3' }, { uid: '2' }], done: false });
      const second = await svix.endpoint.list('list', { limit: 2, iterator: first.iterator });
      expect(second).toMatchObject({ data: [{ uid: '1' }], done: true });
      expect(await svix.endpoint.list('list', { limit: 2, iterator: second.prevIterator! })).toMatchObject({
        data: [{ uid: '3' }, { uid: '2' }],
      });
    });

    it('and understands refusals', async () => {
      expect(await refused(svix.endpoint.create('shop', { url: URL_, filterTypes: ['unknown'] }))).toMatchObject({
        status: 422,
        body: { detail: [{ loc: ['body', 'eventTypes'] }] },
      });
      expect(await refused(svix.endpoint.create('shop', { url: 'http://10.0.0.1/' }))).toMatchObject({
        status: 422,
        body: { detail: [{ loc: ['body', 'url'] }] },
      });
      expect(await refused(svix.endpoint.create('nobody', { url: URL_ }))).toMatchObject({ status: 404 });
    });
  });
});
