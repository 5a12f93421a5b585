import { generateKeyPairSync } from 'node:crypto';
import { Sql } from '../../src/platform/database/sql';
import { type Account, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';

type Endpoint = { id: string; uid: string | null; description: string };
type Page = { data: Endpoint[]; iterator: string | null; prevIterator: string | null; done: boolean };
type Problem = { code: string; detail: { loc: string[]; msg: string }[] };

const URL_ = 'https://example.com/hook';

describe('/app/{app}/endpoint', () => {
  let app: TestApp;
  let ann: Account;
  let bob: Account;

  beforeAll(async () => {
    app = await startTestApp({ worker: true, env: { DELIVERY_ALLOW_CIDRS: '' } });
    [ann, bob] = await Promise.all([signUp(app, 'Ann'), signUp(app, 'Bob')]);
    await ann.organization('POST', '/app', { name: 'Shop', uid: 'shop' });
    for (const name of ['user.created', 'user.deleted', 'old']) await ann.organization('POST', '/event-type', { name, description: '' });
    await ann.organization('DELETE', '/event-type/old');
  });
  afterAll(() => app.stop());

  const call = <Body = Endpoint>(...[method, path, body]: Parameters<Account['organization']>) =>
    ann.organization<Body>(method, `/app/shop/endpoint${path}`, body);
  const create = async (body: object = {}) => {
    const reply = await call('POST', '', { url: URL_, ...body });
    expect(reply.status).toBe(201);
    return reply.body;
  };

  it('creates an endpoint and shows it by ids and uids', async () => {
    const body = await create({
      uid: 'main',
      description: 'Main',
      eventTypes: ['user.created', 'user.created'],
      channels: ['eu'],
      throttleRate: 5,
      ordering: 'fifo',
      maxInFlight: 3,
      timeoutMs: 2_000,
      retrySchedule: [1, 60],
      metadata: { a: 'b' },
    });
    expect(body).toEqual({
      id: expect.stringMatching(/^ep_[0-9A-Za-z]{27}$/) as string,
      uid: 'main',
      url: URL_,
      description: 'Main',
      disabled: false,
      state: { status: 'enabled', by: null, reason: null, since: null, pausedUntil: null, failingSince: null, disablesAt: null },
      eventTypes: ['user.created'],
      filterTypes: ['user.created'],
      channels: ['eu'],
      filter: null,
      throttleRate: 5,
      rateLimit: 5,
      ordering: 'fifo',
      maxInFlight: 3,
      timeoutMs: 2_000,
      retrySchedule: [1, 60],
      metadata: { a: 'b' },
      version: 1,
      verifiedAt: null,
      createdAt: expect.any(String) as string,
      updatedAt: expect.any(String) as string,
    });
    for (const path of ['/main', `/${body.id}`, '/main/']) expect(await call('GET', path)).toMatchObject({ status: 200, body });
  });

  it('understands former names, and takes an empty list as all', async () => {
    expect(await create({ filterTypes: ['user.created'], rateLimit: 7, version: 2 })).toMatchObject({
      eventTypes: ['user.created'],
      throttleRate: 7,
      version: 1,
    });
    expect(await create({ eventTypes: [], channels: [] })).toMatchObject({ eventTypes: null, filterTypes: null, channels: null });
    expect(await create({ eventTypes: null, filterTypes: ['user.created'] })).toMatchObject({ eventTypes: null });
  });

  it('answers 409 for a uid that is taken, in this application only', async () => {
    await create({ uid: 'taken' });
    expect(await call('POST', '', { url: URL_, uid: 'taken' })).toMatchObject({ status: 409, body: { code: 'conflict' } });
    await ann.organization('PUT', '/app/shop2', { name: 'Shop 2' });
    expect((await ann.organization('POST', '/app/shop2/endpoint', { url: URL_, uid: 'taken' })).status).toBe(201);
  });

  it('answers 422 for event types that are unknown or archived', async () => {
    await create({ uid: 'typed' });
    for (const eventTypes of [['user.created', 'unknown'], ['old']]) {
      for (const names of [{ eventTypes }, { filterTypes: eventTypes }]) {
        for (const [method, path] of [
          ['POST', ''],
          ['PUT', '/typed'],
          ['PATCH', '/typed'],
        ] as const) {
          const { status, body } = await call<Problem>(method, path, { url: URL_, ...names });
          expect({ status, loc: body.detail[0]?.loc }).toEqual({ status: 422, loc: ['body', 'eventTypes'] });
        }
      }
    }
  });

  it.each([
    'http://127.0.0.1:3000/',
    'http://localhost/',
    'http://169.254.169.254/',
    'http://10.0.0.1/',
    'ftp://example.com/',
    'https://user:pw@example.com/',
    'https://example.com/#a',
    'http://foo.internal/',
    'not a url',
    '',
  ])('answers 422 for the URL %j, however it is given', async (url) => {
    await ann.organization('PUT', '/app/shop/endpoint/target', { url: URL_ });
    for (const [method, path] of [
      ['POST', ''],
      ['PUT', '/target'],
      ['PUT', '/new'],
      ['PATCH', '/target'],
    ] as const) {
      const { status, body } = await call<Problem>(method, path, { url });
      expect({ status, loc: body.detail[0]?.loc }).toEqual({ status: 422, loc: ['body', 'url'] });
    }
  });

  it('answers 422 with the place of the mistake', async () => {
    for (const [body, field] of [
      [{}, 'url'],
      [{ url: 7 }, 'url'],
      [{ url: URL_, uid: 'ep_1' }, 'uid'],
      [{ url: URL_, eventTypes: 'user.created' }, 'eventTypes'],
      [{ url: URL_, eventTypes: Array.from({ length: 1_001 }, (_, i) => `t${i}`) }, 'eventTypes'],
      [{ url: URL_, channels: Array.from({ length: 11 }, (_, i) => `c${i}`) }, 'channels'],
      [{ url: URL_, channels: ['a b'] }, 'channels'],
      [{ url: URL_, disabled: 'false' }, 'disabled'],
      [{ url: URL_, secret: 'short' }, 'secret'],
      [{ url: URL_, secret: 7 }, 'secret'],
      [{ url: URL_, headers: { Host: 'x' } }, 'headers'],
      [{ url: URL_, description: '\u0000' }, 'description'],
    ] as const) {
      const { status, body: answer } = await call<Problem>('POST', '', body);
      expect({ status, loc: answer.detail[0]?.loc.slice(0, 2) }).toEqual({ status: 422, loc: ['body', field] });
    }
  });

  it('puts: 201 for a new one, 200 for one that is there; key and headers stay', async () => {
    const { status, body } = await call('PUT', '/put', { url: URL_, description: 'a', disabled: true });
    expect({ status, body }).toMatchObject({ status: 201, body: { uid: 'put', disabled: true } });
    const key = (await call('GET', '/put/secret')).body;
    await call('PUT', '/put/headers', { headers: { 'X-A': '1' } });
    expect(await call('PUT', '/put', { url: URL_, secret: 'ignored' })).toMatchObject({
      status: 200,
      body: { id: body.id, description: '', disabled: false },
    });
    expect((await call('GET', '/put/secret')).body).toEqual(key);
    expect((await call('GET', '/put/headers')).body).toMatchObject({ headers: { 'X-A': '1' } });
    expect((await call('PUT', '/ep_000000000000000000000000000', { url: URL_ })).status).toBe(404);
  });

  it('patches what is given; null clears', async () => {
    const { id } = await create({
      uid: 'patch',
      eventTypes: ['user.created'],
      channels: ['a'],
      throttleRate: 3,
      metadata: { a: 'b' },
      description: 'x',
    });
    expect((await call('PATCH', '/patch', { disabled: true })).body).toMatchObject({
      id,
      url: URL_,
      uid: 'patch',
      disabled: true,
      eventTypes: ['user.created'],
      channels: ['a'],
      throttleRate: 3,
      metadata: { a: 'b' },
      description: 'x',
    });
    expect((await call('PATCH', `/${id}`, { uid: null, eventTypes: null, channels: null, throttleRate: null })).body).toMatchObject({
      uid: null,
      disabled: true,
      eventTypes: null,
      filterTypes: null,
      channels: null,
      throttleRate: null,
    });
    expect((await call('PATCH', `/${id}`, { filterTypes: ['user.deleted'] })).body).toMatchObject({ eventTypes: ['user.deleted'] });
  });

  it('makes a key, or takes one, and shows of a key pair the public half only', async () => {
    const { id } = await create();
    expect((await call('GET', `/${id}/secret`)).body).toEqual({ key: expect.stringMatching(/^whsec_[\w+/]{32}$/) as string });
    const own = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
    const given = await create({ secret: own });
    expect((await call('GET', `/${given.id}/secret`)).body).toEqual({ key: own });

    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const pub = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
    const pair = await create({ secret: `whsk_${Buffer.concat([seed, pub]).toString('base64')}` });
    expect((await call('GET', `/${pair.id}/secret`)).body).toEqual({ key: `whpk_${pub.toString('base64')}` });
  });

  it('rotates its key, up to ten old ones', async () => {
    const { id } = await create();
    const key = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
    expect(await call('POST', `/${id}/secret/rotate`, { key })).toMatchObject({ status: 204, body: undefined });
    expect((await call('GET', `/${id}/secret`)).body).toEqual({ key });
    for (let n = 2; n <= 10; n++) expect((await call('POST', `/${id}/secret/rotate`, {})).status).toBe(204);
    expect(await call('POST', `/${id}/secret/rotate`, { key: null })).toMatchObject({ status: 400, body: { code: 'limit_reached' } });
    for (const body of [{ key: 'x' }, { gracePeriodSeconds: -1 }, { gracePeriodSeconds: 604_801 }, { gracePeriodSeconds: '60' }]) {
      expect((await call('POST', `/${id}/secret/rotate`, body)).status).toBe(422);
    }
  });

  it('sets, changes and hides headers', async () => {
    const { id } = await create({ headers: { 'X-Created': '1' } });
    const headers = async () => (await call('GET', `/${id}/headers`)).body;
    expect(await headers()).toEqual({ headers: { 'X-Created': '1' }, sensitive: [] });
    expect((await call('PUT', `/${id}/headers`, { headers: { 'X-A': '1', 'X-B': '2', Authorization: 'Bearer secret' } })).status).toBe(204);
    expect(await headers()).toEqual({ headers: { 'X-A': '1', 'X-B': '2' }, sensitive: ['Authorization'] });
    expect((await call('PATCH', `/${id}/headers`, { headers: { 'x-a': '9', 'X-B': null } })).status).toBe(204);
    expect(await headers()).toEqual({ headers: { 'x-a': '9' }, sensitive: ['Authorization'] });
    expect((await call('PATCH', `/${id}/headers`, { headers: { 'X-C': '3' }, deleteHeaders: ['X-A', 'authorization'] })).status).toBe(204);
    expect(await headers()).toEqual({ headers: { 'X-C': '3' }, sensitive: [] });
    for (const bad of [
      JSON.parse('{"__proto__":"x"}') as object,
      { 'User-Agent': 'x' },
      { 'svix-id': 'x' },
      { 'X-A': 'a\r\nb' },
      { 'a b': 'x' },
      { 'X-A': 1 },
    ]) {
      expect((await call('PUT', `/${id}/headers`, { headers: bad })).status).toBe(422);
      expect((await call('PATCH', `/${id}/headers`, { headers: bad })).status).toBe(422);
    }
  });

  it('lists newest first, and both ways', async () => {
    await ann.organization('PUT', '/app/list', { name: 'List' });
    for (const description of ['1', '2', '3']) await ann.organization('POST', '/app/list/endpoint', { url: URL_, description });
    const list = async (query: string) => {
      const { body } = await ann.organization<Page>('GET', `/app/list/endpoint?${query}`);
      return { ...body, data: body.data.map(({ description }) => description).join('') };
    };
    const first = await list('limit=2');
    expect(first).toMatchObject({ data: '32', done: false });
    const second = await list(`limit=2&iterator=${first.iterator!}`);
    expect(second).toMatchObject({ data: '1', done: true });
    expect(await list(`limit=2&iterator=${second.prevIterator!}`)).toMatchObject({ data: '32', done: true });
    expect((await list('order=ascending')).data).toBe('123');
    expect((await ann.organization('GET', '/app/unknown/endpoint')).status).toBe(404);
  });

  it('deletes, and frees the uid', async () => {
    const { id } = await create({ uid: 'gone' });
    expect((await call('DELETE', '/gone')).status).toBe(204);
    for (const path of [`/${id}`, '/gone', `/${id}/secret`, `/${id}/headers`]) expect((await call('GET', path)).status).toBe(404);
    expect((await create({ uid: 'gone' })).id).not.toBe(id);
  });

  it('is unreachable as soon as its application is deleted, and deleted with it', async () => {
    await ann.organization('PUT', '/app/doomed', { name: 'Doomed' });
    const { body } = await ann.organization<Endpoint>('POST', '/app/doomed/endpoint', { url: URL_ });
    await ann.organization('DELETE', '/app/doomed');
    expect((await ann.organization('GET', `/app/doomed/endpoint/${body.id}`)).status).toBe(404);
    await eventually(async () => {
      const [row] = await app.http.get(Sql).run<{ deleted_at: Date | null }>('SELECT deleted_at FROM endpoint WHERE id = $1', [body.id]);
      return row?.deleted_at;
    });
  });

  it('shows nothing of another organization or application, exactly as if it did not exist', async () => {
    const { id } = await create({ uid: 'private' });
    await bob.organization('POST', '/app', { name: 'Shop', uid: 'shop' });
    const routes = [
      ['GET', ''],
      ['PATCH', '', {}],
      ['DELETE', ''],
      ['GET', '/secret'],
      ['POST', '/secret/rotate', {}],
      ['GET', '/headers'],
      ['PUT', '/headers', { headers: {} }],
      ['PATCH', '/headers', { headers: {} }],
    ] as const;
    for (const [method, path, body] of routes) {
      for (const reference of [id, 'private']) {
        const reply = await bob.organization(method, `/app/shop/endpoint/${reference}${path}`, body);
        expect(reply).toMatchObject({ status: 404, body: { code: 'not_found', detail: 'Entity not found' } });
      }
      expect((await ann.organization(method, `/app/shop2/endpoint/${id}${path}`, body)).status).toBe(404);
    }
    expect((await bob.organization('PUT', `/app/shop/endpoint/${id}`, { url: URL_ })).status).toBe(404);
    expect((await call('GET', '/private')).body).toMatchObject({ id });
  });
});

describe('/app/{app}/endpoint where the operator allows loopback', () => {
  let app: TestApp;
  let ann: Account;

  beforeAll(async () => {
    app = await startTestApp({ worker: true, env: { DELIVERY_ALLOW_CIDRS: '127.0.0.0/8,::1/128' } });
    ann = await signUp(app, 'Ann');
    await ann.organization('POST', '/app', { name: 'Shop', uid: 'shop' });
  });
  afterAll(() => app.stop());

  it.each(['http://127.0.0.1:3000/', 'http://localhost:3000/hook', 'http://[::1]:3000/'])('takes %s', async (url) => {
    expect(await ann.organization('POST', '/app/shop/endpoint', { url })).toMatchObject({ status: 201, body: { url } });
  });

  it.each(['http://10.0.0.1/', 'http://metadata.google.internal/', 'http://127.0.0.1:22/'])('refuses %s', async (url) => {
    expect((await ann.organization('POST', '/app/shop/endpoint', { url })).status).toBe(422);
  });
});
