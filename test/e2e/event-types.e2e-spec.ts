import { type Account, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';

type EventType = { name: string; schemas: unknown; archived: boolean };
type Page = { data: EventType[]; iterator: string | null; prevIterator: string | null; done: boolean };

describe('/event-type', () => {
  let app: TestApp;
  let ann: Account;
  let bob: Account;

  beforeAll(async () => {
    app = await startTestApp({ worker: true });
    [ann, bob] = await Promise.all([signUp(app, 'Ann'), signUp(app, 'Bob')]);
  });
  afterAll(() => app.stop());

  const create = (name: string, body: object = {}) =>
    ann.organization<EventType>('POST', '/event-type', { name, description: `About ${name}`, ...body });

  it('creates an event type and shows it', async () => {
    const schemas = { 1: { type: 'object', properties: { id: { type: 'string' } }, examples: [{ id: '1' }] } };
    const { status, body } = await create('user.created', { schemas, deprecated: true, featureFlag: 'beta' });
    expect(status).toBe(201);
    expect(body).toEqual({
      name: 'user.created',
      description: 'About user.created',
      archived: false,
      deprecated: true,
      schemas,
      validation: 'off',
      groupName: null,
      featureFlags: ['beta'],
      featureFlag: 'beta',
      createdAt: expect.any(String) as string,
      updatedAt: expect.any(String) as string,
    });
    expect(await ann.organization('GET', '/event-type/user.created')).toMatchObject({ status: 200, body });
  });

  it('answers 409 event_type_exists for a second one, and revives an archived one', async () => {
    await create('order.paid');
    expect(await create('order.paid')).toMatchObject({ status: 409, body: { code: 'event_type_exists' } });
    expect((await ann.organization('DELETE', '/event-type/order.paid')).status).toBe(204);
    expect((await ann.organization('GET', '/event-type/order.paid')).body).toMatchObject({ archived: true });
    expect(await create('order.paid', { description: 'Again' })).toMatchObject({
      status: 201,
      body: { archived: false, description: 'Again' },
    });
  });

  it('puts: 201 for a new one, 200 for one that is there', async () => {
    expect(await ann.organization('PUT', '/event-type/put', { description: 'a', schemas: { 1: {} } })).toMatchObject({
      status: 201,
      body: { name: 'put' },
    });
    expect(await ann.organization('PUT', '/event-type/put', { description: 'b' })).toMatchObject({
      status: 200,
      body: { description: 'b', schemas: null },
    });
    expect((await ann.organization('PUT', '/event-type/a%20b', { description: 'b' })).status).toBe(422);
  });

  it('patches what is given; null clears', async () => {
    await create('patch', { schemas: { 1: {} }, featureFlag: 'beta' });
    expect((await ann.organization('PATCH', '/event-type/patch', { description: 'new' })).body).toMatchObject({
      description: 'new',
      schemas: { 1: {} },
      featureFlag: 'beta',
    });
    expect((await ann.organization('PATCH', '/event-type/patch', { schemas: null, featureFlag: null })).body).toMatchObject({
      schemas: null,
      featureFlag: null,
    });
    expect((await ann.organization('PATCH', '/event-type/unknown', {})).status).toBe(404);
  });

  it('expunges', async () => {
    await create('expunged');
    expect((await ann.organization('DELETE', '/event-type/expunged?expunge=true')).status).toBe(204);
    expect((await ann.organization('GET', '/event-type/expunged')).status).toBe(404);
    expect((await ann.organization('DELETE', '/event-type/expunged')).status).toBe(404);
  });

  it('lists by name, with archived ones and schemas on demand, page by page', async () => {
    for (const name of ['b', 'a', 'c']) await bob.organization('POST', '/event-type', { name, description: '', schemas: { 1: {} } });
    await bob.organization('DELETE', '/event-type/b');
    const list = async (query: string) => (await bob.organization<Page>('GET', `/event-type?${query}`)).body;
    const names = ({ data }: Page) => data.map(({ name }) => name).join('');

    expect(await list('')).toMatchObject({
      data: [{ name: 'a', schemas: null }, { name: 'c' }],
      iterator: 'c',
      prevIterator: '-a',
      done: true,
    });
    expect((await list('with_content=true')).data[0]).toMatchObject({ schemas: { 1: {} } });
    expect(names(await list('include_archived=true'))).toBe('abc');
    expect(names(await list('include_archived=true&order=descending'))).toBe('cba');
    expect(names(await list('include_archived=true&limit=1&iterator=a'))).toBe('b');
    expect(names(await list('include_archived=true&limit=1&iterator=-c'))).toBe('b');
    expect((await bob.organization('GET', '/event-type?with_content=maybe')).status).toBe(422);
  });

  it('refuses what is no event type', async () => {
    for (const body of [
      {},
      { name: 'a b', description: '' },
      { name: 'a' },
      { name: 'x'.repeat(257), description: '' },
      { name: 'a', description: '', schemas: { x: 1 } },
    ]) {
      expect((await ann.organization('POST', '/event-type', body)).status).toBe(422);
    }
    const deep = `{"name":"deep","description":"","schemas":{"1":${'{"not":'.repeat(50_000)}{}${'}'.repeat(50_000)}}}`;
    const headers = { authorization: `Bearer ${ann.apiKey}`, 'content-type': 'application/json' };
    const reply = await app.http.inject({ method: 'POST', url: '/api/v1/event-type', headers, payload: deep });
    expect(reply.statusCode).toBe(422);
  });

  it('shows nothing of another organization', async () => {
    await create('private');
    for (const [method, body] of [['GET'], ['DELETE'], ['PATCH', {}]] as const)
      expect((await bob.organization(method, '/event-type/private', body)).status).toBe(404);
    expect((await bob.organization('PUT', '/event-type/private', { description: 'mine' })).status).toBe(201);
    expect((await ann.organization('GET', '/event-type/private')).body).toMatchObject({ description: 'About private' });
  });
});
