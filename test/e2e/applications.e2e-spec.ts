import { type Account, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';

type Application = { id: string; uid: string | null; name: string; createdAt: string };
type Page = { data: Application[]; iterator: string | null; prevIterator: string | null; done: boolean };

describe('/app', () => {
  let app: TestApp;
  let ann: Account;
  let bob: Account;

  beforeAll(async () => {
    app = await startTestApp({ worker: true });
    [ann, bob] = await Promise.all([signUp(app, 'Ann'), signUp(app, 'Bob')]);
  });
  afterAll(() => app.stop());

  const create = async (body: object) => (await ann.organization<Application>('POST', '/app', body)).body;

  it('creates an application and shows it by id and by uid', async () => {
    const { status, body } = await ann.organization<Application>('POST', '/app', {
      name: 'Acme',
      uid: 'acme',
      throttleRate: 5,
      metadata: { plan: 'pro' },
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^app_[0-9A-Za-z]{27}$/) as string,
      uid: 'acme',
      name: 'Acme',
      throttleRate: 5,
      rateLimit: 5,
      metadata: { plan: 'pro' },
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      updatedAt: body.createdAt,
    });
    expect(await ann.organization('GET', `/app/${body.id}`)).toMatchObject({ status: 200, body });
    expect(await ann.organization('GET', '/app/acme/')).toMatchObject({ status: 200, body });
  });

  it('takes the signed-in person as well as an API key', async () => {
    expect((await ann.user('GET', '/app')).status).toBe(200);
    expect((await app.http.inject('/api/v1/app')).statusCode).toBe(401);
  });

  it('understands the former name of the rate, and ignores fields that it does not know', async () => {
    expect(await create({ name: 'Old', rateLimit: 9, somethingNew: true })).toMatchObject({
      throttleRate: 9,
      rateLimit: 9,
      uid: null,
      metadata: {},
    });
    expect(await create({ name: 'Null', metadata: null, throttleRate: null, uid: null })).toMatchObject({
      throttleRate: null,
      metadata: {},
    });
  });

  it('answers 409 for a second application of the same uid, and 200 with the first one when told get_if_exists', async () => {
    const first = await create({ name: 'First', uid: 'twice' });
    expect(await ann.organization('POST', '/app', { name: 'Second', uid: 'twice' })).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
    expect(await ann.organization('POST', '/app?get_if_exists=true', { name: 'Second', uid: 'twice' })).toMatchObject({
      status: 200,
      body: first,
    });
    expect((await ann.organization('POST', '/app?get_if_exists=true', { name: 'New', uid: 'new' })).status).toBe(201);
    expect((await ann.organization('POST', '/app?get_if_exists=1', { name: 'New' })).status).toBe(422);
  });

  it('puts: 201 for a new one, 200 for one that is there, 404 under an id that is not', async () => {
    const { status, body } = await ann.organization<Application>('PUT', '/app/put', { name: 'Put' });
    expect({ status, body }).toMatchObject({ status: 201, body: { uid: 'put', name: 'Put' } });
    expect(await ann.organization('PUT', '/app/put', { name: 'Again', metadata: { a: 'b' } })).toMatchObject({
      status: 200,
      body: { id: body.id, name: 'Again' },
    });
    expect(await ann.organization('PUT', `/app/${body.id}`, { name: 'Third' })).toMatchObject({
      status: 200,
      body: { id: body.id, uid: null, metadata: {} },
    });
    expect((await ann.organization('PUT', '/app/app_000000000000000000000000000', { name: 'x' })).status).toBe(404);
  });

  it('takes ten clients that put the same application at once', async () => {
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, i) => ann.organization<Application>('PUT', '/app/same', { name: `Same ${i}` })),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([...Array<number>(9).fill(200), 201]);
    expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1);
  });

  it('patches what is given; null clears', async () => {
    const { id } = await create({ name: 'Patch', uid: 'patch', throttleRate: 3, metadata: { a: 'b' } });
    expect((await ann.organization('PATCH', `/app/${id}`, { name: 'Patched' })).body).toMatchObject({
      name: 'Patched',
      uid: 'patch',
      throttleRate: 3,
      metadata: { a: 'b' },
    });
    expect((await ann.organization('PATCH', '/app/patch', { uid: null, throttleRate: null, metadata: null })).body).toMatchObject({
      name: 'Patched',
      uid: null,
      throttleRate: null,
      metadata: {},
    });
    expect((await ann.organization('PATCH', `/app/${id}`, {})).status).toBe(200);
  });

  it('deletes, and frees the uid', async () => {
    const { id } = await create({ name: 'Gone', uid: 'gone' });
    expect(await ann.organization('DELETE', '/app/gone')).toMatchObject({ status: 204, body: undefined });
    for (const path of [`/app/${id}`, '/app/gone']) {
      expect(await ann.organization('GET', path)).toMatchObject({ status: 404, body: { code: 'not_found', detail: 'Entity not found' } });
    }
    expect((await ann.organization('DELETE', `/app/${id}`)).status).toBe(404);
    expect((await create({ name: 'Back', uid: 'gone' })).id).not.toBe(id);
  });

  it('lists in both orders and both directions, by the limit that is asked for', async () => {
    for (const name of ['1', '2', '3']) await bob.organization('POST', '/app', { name });
    const list = async (query: string) => {
      const { body } = await bob.organization<Page>('GET', `/app?${query}`);
      return { ...body, data: body.data.map(({ name }) => name) };
    };
    const first = await list('limit=2');
    expect(first).toMatchObject({ data: ['1', '2'], done: false });
    const second = await list(`limit=2&iterator=${first.iterator!}`);
    expect(second).toMatchObject({ data: ['3'], done: true });
    expect(await list(`limit=2&iterator=${second.prevIterator!}`)).toMatchObject({ data: ['1', '2'], done: true });
    expect(await list('order=descending&exclude_apps_with_no_endpoints=true')).toMatchObject({ data: ['3', '2', '1'], done: true });
    expect(await list(`iterator=${second.iterator!}`)).toMatchObject({ data: [], iterator: null, done: true });
  });

  it('answers 422 with the place of the mistake', async () => {
    for (const [body, field] of [
      [{}, 'name'],
      [{ name: '' }, 'name'],
      [{ name: 7 }, 'name'],
      [{ name: 'a\u0000' }, 'name'],
      [{ name: 'x'.repeat(65_536) }, 'name'],
      [{ name: 'a', uid: 'app_1' }, 'uid'],
      [{ name: 'a', uid: 'a b' }, 'uid'],
      [{ name: 'a', uid: { a: 1 } }, 'uid'],
      [{ name: 'a', throttleRate: 0 }, 'throttleRate'],
      [{ name: 'a', metadata: { a: 1 } }, 'metadata'],
      [{ name: 'a', metadata: { a: 'x'.repeat(5_000) } }, 'metadata'],
    ] as const) {
      const { status, body: answer } = await ann.organization<{ detail: { loc: string[] }[] }>('POST', '/app', body);
      expect({ status, loc: answer.detail[0]?.loc.slice(0, 2) }).toEqual({ status: 422, loc: ['body', field] });
    }
    for (const query of [
      'limit=0',
      'limit=251',
      'limit=1&limit=2',
      'limit[$gt]=1&limit=x',
      'order=up',
      'iterator=',
      'iterator=%00',
      'iterator=a&iterator=b',
    ]) {
      const { status, body: answer } = await ann.organization<{ detail: { loc: string[] }[] }>('GET', `/app?${query}`);
      expect({ query, status, loc: answer.detail[0]?.loc[0] }).toEqual({ query, status: 422, loc: 'query' });
    }
  });

  it.each([
    '.',
    '..',
    '%2e%2e',
    '%2F',
    '%00',
    'null',
    'undefined',
    '__proto__',
    'constructor',
    '%F0%9F%98%80',
    'a%20',
    '-1',
    'x'.repeat(300),
    "'%20OR%201=1",
    'ep_1',
  ])('has no application called %s', async (reference) => {
    const { status } = await ann.organization('GET', `/app/${reference}/endpoint`);
    expect(status).toBe(404);
  });

  it('shows nothing of another organization, exactly as if it did not exist', async () => {
    const { id } = await create({ name: 'Secret', uid: 'secret' });
    const { body: missing } = await bob.organization('GET', '/app/app_000000000000000000000000000');
    for (const reference of [id, 'secret']) {
      for (const [method, body] of [['GET'], ['DELETE'], ['PATCH', { name: 'x' }]] as const) {
        const reply = await bob.organization(method, `/app/${reference}`, body);
        expect(reply).toMatchObject({ status: 404, body: { ...missing, requestId: expect.any(String) as string } });
      }
    }
    expect((await bob.organization('PUT', `/app/${id}`, { name: 'x' })).status).toBe(404);
    expect((await bob.organization<Page>('GET', `/app?iterator=${id}`)).body.data.map(({ name }) => name)).not.toContain('Secret');
    expect((await bob.organization('POST', '/app', { name: 'Mine', uid: 'secret' })).status).toBe(201);
    expect((await ann.organization('GET', '/app/secret')).body).toMatchObject({ id, name: 'Secret' });
  });
});
