import { ApiException, Ordering } from 'svix';
import { type Account, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { Svix1, Svix2 as Svix } from '../support/sdk';

const URL_ = 'https://example.com/hook';

/** The newer generation of the official client, as users install it: what it does to applications, endpoints and portals. */
describe('svix 2.5.0 configures', () => {
  let app: TestApp;
  let ann: Account;
  let svix: Svix;
  let serverUrl: string;

  beforeAll(async () => {
    app = await startTestApp({ worker: true });
    ann = await signUp(app, 'Ann');
    serverUrl = await app.listen();
    svix = new Svix(ann.apiKey, { serverUrl });
  });
  afterAll(() => app.stop());

  const refused = async (call: Promise<unknown>) => {
    const error = await call.catch((caught: unknown) => caught);
    if (error instanceof ApiException) return { status: error.code, body: error.body as { code?: string } };
    throw new Error(`Expected the API to refuse, got ${JSON.stringify(error)}`);
  };

  it('applications through their whole life', async () => {
    const created = await svix.application.create({ name: 'Acme', uid: 'acme', throttleRate: 10, metadata: { plan: 'pro' } });
    expect(created).toMatchObject({ name: 'Acme', uid: 'acme', throttleRate: 10, metadata: { plan: 'pro' } });
    expect(created.createdAt).toBeInstanceOf(Date);
    expect(await svix.application.get('acme')).toEqual(created);
    expect(await svix.application.get(created.id)).toEqual(created);
    expect(await svix.application.getOrCreate({ name: 'Other', uid: 'acme' })).toEqual(created);
    expect(await svix.application.getOrCreate({ name: 'Missing', uid: 'missing' })).toMatchObject({ name: 'Missing', uid: 'missing' });
    expect(await refused(svix.application.create({ name: 'Other', uid: 'acme' }))).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
    expect(await svix.application.upsert('acme', { name: 'Updated' })).toMatchObject({
      id: created.id,
      name: 'Updated',
      uid: 'acme',
      metadata: {},
      throttleRate: null,
    });
    expect(await svix.application.upsert('new', { name: 'New' })).toMatchObject({ name: 'New', uid: 'new' });
    expect(await svix.application.patch('acme', { throttleRate: 5, metadata: { a: 'b' } })).toMatchObject({
      name: 'Updated',
      throttleRate: 5,
      metadata: { a: 'b' },
    });
    expect(await svix.application.patch(created.id, { throttleRate: null, uid: null })).toMatchObject({ throttleRate: null, uid: null });
    await svix.application.delete(created.id);
    expect(await refused(svix.application.get(created.id))).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('applications in lists, forth and back', async () => {
    const bob = new Svix((await signUp(app, 'Bob')).apiKey, { serverUrl });
    for (const uid of ['1', '2', '3']) await bob.application.create({ name: uid, uid });
    const first = await bob.application.list({ limit: 2 });
    expect(first).toMatchObject({ data: [{ uid: '1' }, { uid: '2' }], done: false });
    const second = await bob.application.list({ limit: 2, iterator: first.iterator });
    expect(second).toMatchObject({ data: [{ uid: '3' }], done: true });
    expect((await bob.application.list({ limit: 2, iterator: second.prevIterator! })).data).toEqual(first.data);
    const newest = await bob.application.list({ limit: 2, order: Ordering.Descending });
    expect(newest.data.map(({ uid }) => uid)).toEqual(['3', '2']);
  });

  it('endpoints through their whole life', async () => {
    await svix.application.create({ name: 'Shop', uid: 'shop' });
    await svix.eventType.create({ name: 'order.paid', description: '' });
    const created = await svix.endpoint.create('shop', {
      url: URL_,
      uid: 'main',
      description: 'Main',
      eventTypes: ['order.paid'],
      channels: ['eu'],
      throttleRate: 9,
      metadata: { a: 'b' },
      headers: { 'X-Created': '1' },
    });
    expect(created).toMatchObject({
      url: URL_,
      uid: 'main',
      description: 'Main',
      eventTypes: ['order.paid'],
      channels: ['eu'],
      disabled: false,
      throttleRate: 9,
      metadata: { a: 'b' },
    });
    expect(await svix.endpoint.get('shop', 'main')).toEqual(created);
    expect(await svix.endpoint.upsert('shop', 'main', { url: `${URL_}2`, disabled: true })).toMatchObject({
      id: created.id,
      uid: 'main',
      url: `${URL_}2`,
      disabled: true,
      eventTypes: null,
      channels: null,
      throttleRate: null,
      metadata: {},
    });
    expect(await svix.endpoint.upsert('shop', 'new', { url: URL_ })).toMatchObject({ uid: 'new', url: URL_ });
    const patched = await svix.endpoint.patch('shop', created.id, { disabled: false, channels: ['us'], eventTypes: ['order.paid'] });
    expect(patched).toMatchObject({ url: `${URL_}2`, disabled: false, channels: ['us'], eventTypes: ['order.paid'] });
    const cleared = await svix.endpoint.patch('shop', 'main', { channels: null, eventTypes: null, uid: null });
    expect(cleared).toMatchObject({ channels: null, eventTypes: null, uid: null });
    expect(await refused(svix.endpoint.create('shop', { url: URL_, eventTypes: ['unknown'] }))).toMatchObject({ status: 422 });
    await svix.endpoint.delete('shop', created.id);
    expect(await refused(svix.endpoint.get('shop', created.id))).toMatchObject({ status: 404 });
  });

  it('keys and headers of endpoints', async () => {
    const key = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
    await svix.application.create({ name: 'Keys', uid: 'keys' });
    await svix.endpoint.create('keys', { url: URL_, uid: 'ep', secret: key });
    expect(await svix.endpoint.getSecret('keys', 'ep')).toEqual({ key });
    await svix.endpoint.rotateSecret('keys', 'ep');
    expect((await svix.endpoint.getSecret('keys', 'ep')).key).not.toBe(key);
    await svix.endpoint.rotateSecret('keys', 'ep', { key, gracePeriodSeconds: 0 });
    expect(await svix.endpoint.getSecret('keys', 'ep')).toEqual({ key });
    await svix.endpoint.setHeaders('keys', 'ep', { headers: { 'X-A': '1', 'X-B': '2', Authorization: 'secret' } });
    await svix.endpoint.patchHeaders('keys', 'ep', { headers: { 'X-C': '3' }, deleteHeaders: ['x-a'] });
    expect(await svix.endpoint.getHeaders('keys', 'ep')).toEqual({ headers: { 'X-B': '2', 'X-C': '3' }, sensitive: ['Authorization'] });
  });

  it('code that changes messages', async () => {
    const code = 'const handler = (webhook) => webhook;';
    await svix.application.create({ name: 'Code', uid: 'code' });
    await svix.endpoint.create('code', { url: URL_, uid: 'ep' });
    await svix.endpoint.transformation.patch('code', 'ep', { code, enabled: true, variables: { a: 'b' } });
    const kept = { code, enabled: true, variables: { a: 'b' }, updatedAt: expect.any(Date) as Date };
    expect(await svix.endpoint.transformation.get('code', 'ep')).toEqual(kept);
    expect(await refused(svix.endpoint.transformation.patch('code', 'ep', { code: 'function (' }))).toMatchObject({ status: 422 });
    // oxlint-disable-next-line typescript/no-deprecated -- By its former name, which programs go on to call.
    await svix.endpoint.transformationPartialUpdate('code', 'ep', { code: null });
    expect(await svix.endpoint.transformation.get('code', 'ep')).toMatchObject({ code: null, enabled: false });
  });

  it('endpoints and event types in lists, forth and back', async () => {
    await svix.application.create({ name: 'List', uid: 'list' });
    for (const uid of ['1', '2', '3']) await svix.endpoint.create('list', { url: URL_, uid });
    const first = await svix.endpoint.list('list', { limit: 2 });
    expect(first).toMatchObject({ data: [{ uid: '3' }, { uid: '2' }], done: false });
    const second = await svix.endpoint.list('list', { limit: 2, iterator: first.iterator });
    expect(second).toMatchObject({ data: [{ uid: '1' }], done: true });
    expect((await svix.endpoint.list('list', { limit: 2, iterator: second.prevIterator! })).data).toEqual(first.data);
    expect((await svix.endpoint.list('list', { order: Ordering.Ascending })).data.map(({ uid }) => uid)).toEqual(['1', '2', '3']);

    const bob = new Svix((await signUp(app, 'Bob')).apiKey, { serverUrl });
    for (const name of ['c', 'a', 'b']) await bob.eventType.create({ name, description: '' });
    const types = await bob.eventType.list({ limit: 2 });
    expect(types).toMatchObject({ data: [{ name: 'a' }, { name: 'b' }], done: false, iterator: 'b' });
    const rest = await bob.eventType.list({ limit: 2, iterator: types.iterator });
    expect(rest).toMatchObject({ data: [{ name: 'c' }], done: true });
    expect((await bob.eventType.list({ limit: 2, iterator: rest.prevIterator! })).data).toEqual(types.data);
  });

  it.each([
    ['1.99.1', Svix1],
    ['2.5.0', Svix as unknown as typeof Svix1],
  ])('portals, which see one application: %s', async (generation, Client) => {
    const owner = new Client(ann.apiKey, { serverUrl });
    const uid = `portal-${generation}`;
    const { url, token } = await owner.authentication.appPortalAccess(uid, { application: { name: 'Portal', uid }, sessionId: 's1' });
    expect(url.endsWith(`#key=${token}`)).toBe(true);
    const customer = new Client(token, { serverUrl });
    const endpoint = await customer.endpoint.create(uid, { url: URL_ });
    expect((await customer.endpoint.list(uid)).data).toEqual([endpoint]);
    await expect(customer.endpoint.sendExample(uid, endpoint.id, { eventType: 'svix.ping' })).rejects.toMatchObject({ code: 403 });
    await expect(customer.operationalWebhook.endpoint.list()).rejects.toMatchObject({ code: 403 });
    await expect(customer.application.list()).rejects.toMatchObject({ code: 403 });
    await owner.authentication.expireAll(uid, { sessionIds: ['s1'] });
    const refusal = () =>
      customer.endpoint.list(uid).then(
        () => null,
        (error: unknown) => (error as { code: number }).code,
      );
    await eventually(async () => (await refusal()) === 401, { what: 'the portal to end' });
    const { token: later } = await owner.authentication.appPortalAccess(uid, {});
    expect((await new Client(later, { serverUrl }).endpoint.list(uid)).data).toEqual([endpoint]);
    if (Client !== Svix1) return;
    const dashboard = await owner.authentication.dashboardAccess(uid);
    expect(dashboard.url.endsWith(`#key=${dashboard.token}`)).toBe(true);
    expect((await new Client(dashboard.token, { serverUrl }).endpoint.list(uid)).data).toEqual([endpoint]);
  });
});
