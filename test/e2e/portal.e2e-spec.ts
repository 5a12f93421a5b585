import { type Account, callerOf, expected, signUp } from '../support/accounts';
import { startTestApi, startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';

type Portal = { url: string; token: string };
type Named = { id: string; name: string };

describe('the portal', () => {
  let app: TestApp;
  let ann: Account;
  let acme: Named;

  beforeAll(async () => {
    app = await startTestApp({ worker: true });
    ann = await signUp(app);
    acme = expected(201, await ann.organization<Named>('POST', '/app', { name: 'Acme', uid: 'acme' }));
    expected(201, await ann.organization('POST', '/app', { name: 'Other', uid: 'other' }));
    expected(201, await ann.organization('POST', '/event-type', { name: 'open', description: 'for all' }));
    expected(201, await ann.organization('POST', '/event-type', { name: 'beta', description: 'for some', featureFlag: 'beta' }));
  });
  afterAll(() => app.stop());

  const open = async (body: object = {}, named = 'acme') =>
    expected(200, await ann.organization<Portal>('POST', `/auth/app-portal-access/${named}`, body));
  const inPortal = async (body: object = {}, named = 'acme') => callerOf(app, (await open(body, named)).token);

  it('opens by a link, with a token for an hour', async () => {
    const { url, token } = await open();
    expect(url).toBe(`http://posthorn.test/portal#key=${token}`);
    const { exp, iat } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { exp: number; iat: number };
    expect(exp - iat).toBe(3_600);
    expect((await callerOf(app, token)('GET', '/app/acme')).body).toMatchObject({ id: acme.id });
  });

  it('lets its owner manage the endpoints of the one application, named by id or uid', async () => {
    const caller = await inPortal();
    for (const named of ['acme', acme.id]) {
      expected(201, await caller('POST', `/app/${named}/endpoint`, { url: 'http://127.0.0.1:8080/' }));
      expect((await caller('GET', `/app/${named}/endpoint`)).status).toBe(200);
    }
  });

  it('knows no other application', async () => {
    const caller = await inPortal();
    for (const path of ['/app/other', '/app/other/endpoint', '/app/none'])
      expect(await caller('GET', path)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it.each<['GET' | 'POST' | 'DELETE', string, object | undefined]>([
    ['GET', '/app', undefined],
    ['POST', '/app', { name: 'x' }],
    ['DELETE', '/app/acme', undefined],
    ['POST', '/event-type', { name: 'x', description: 'x' }],
    ['POST', '/app/acme/msg', { eventType: 'open', payload: {} }],
    ['POST', '/auth/app-portal-access/acme', {}],
    ['POST', '/auth/app/acme/expire-all', {}],
    ['GET', '/api-key', undefined],
    ['POST', '/api-key', { name: 'x' }],
  ])('may not do what is the organization’s: %s %s', async (method, path, body) => {
    expect(await (await inPortal())(method, path, body)).toMatchObject({ status: 403, body: { code: 'insufficient_permission' } });
  });

  it('is nobody’s account', async () => {
    expect(await (await inPortal())('GET', '/users/me')).toMatchObject({ status: 403, body: { code: 'user_required' } });
  });

  it('may do what its capabilities say', async () => {
    const reader = await inPortal({ capabilities: ['endpoint.read'] });
    expect((await reader('GET', '/app/acme/endpoint')).status).toBe(200);
    expect((await reader('POST', '/app/acme/endpoint', { url: 'http://127.0.0.1:8080/' })).status).toBe(403);
    expect((await reader('GET', '/app/acme/msg')).status).toBe(403);
  });

  it('may do what the names of clients stand for', async () => {
    const ep = expected(201, await ann.organization<Named>('POST', '/app/acme/endpoint', { url: 'http://127.0.0.1:8080/' }));
    const statuses = async (body: object) => {
      const caller = await inPortal(body);
      const calls = [
        caller('GET', '/app/acme/msg'),
        caller('GET', `/app/acme/endpoint/${ep.id}/secret`),
        caller('POST', `/app/acme/endpoint/${ep.id}/secret/rotate`, {}),
        caller('PATCH', `/app/acme/endpoint/${ep.id}`, {}),
      ];
      return (await Promise.all(calls)).map(({ status }) => status);
    };
    expect(await statuses({ capabilities: ['ViewBase'] })).toEqual([200, 403, 403, 403]);
    expect(await statuses({ capabilities: ['ViewBase', 'ViewEndpointSecret'] })).toEqual([200, 200, 403, 403]);
    expect(await statuses({ capabilities: ['ViewBase', 'ManageEndpointSecret', 'ManageTransformations'] })).toEqual([200, 200, 204, 403]);
    expect(await statuses({ capabilities: ['ManageEndpoint', 'CreateAttempts', 'message.read'] })).toEqual([200, 200, 204, 200]);
    expect(await statuses({ readOnly: true })).toEqual([200, 403, 403, 403]);
  });

  it('cannot subscribe to event types that do not exist for it', async () => {
    const url = 'http://127.0.0.1:8080/';
    const [without, having] = [await inPortal(), await inPortal({ featureFlags: ['beta'] })];
    const { id } = expected(201, await without<Named>('POST', '/app/acme/endpoint', { url, eventTypes: ['open'] }));
    for (const types of [{ eventTypes: ['open', 'beta'] }, { filterTypes: ['beta'] }]) {
      for (const [method, path] of [
        ['POST', '/app/acme/endpoint'],
        ['PUT', `/app/acme/endpoint/${id}`],
        ['PATCH', `/app/acme/endpoint/${id}`],
      ] as const) {
        const refusal = {
          status: 422,
          body: { detail: [{ loc: ['body', 'eventTypes'], msg: expect.stringMatching('exist.*: beta') as string }] },
        };
        expect(await without(method, path, { url, ...types })).toMatchObject(refusal);
        expect((await having(method, path, { url, ...types })).status).toBeLessThan(300);
      }
    }
    expect((await ann.organization('PATCH', `/app/acme/endpoint/${id}`, { eventTypes: ['beta'] })).status).toBe(200);
  });

  it('shows event types without a flag, and those behind its own flags', async () => {
    const names = async (body: object) =>
      expected(200, await (await inPortal(body))<{ data: Named[] }>('GET', '/event-type')).data.map(({ name }) => name);
    expect(await names({})).toEqual(['open']);
    expect(await names({ featureFlags: ['beta', 'gamma'] })).toEqual(['beta', 'open']);
    expect((await (await inPortal())('GET', '/event-type/beta')).status).toBe(404);
    expect((await ann.organization('GET', '/event-type/beta')).status).toBe(200);
  });

  it('makes the application that is not there yet, when told how', async () => {
    expect((await ann.organization('POST', '/auth/app-portal-access/new-one', {})).status).toBe(404);
    const caller = await inPortal({ application: { name: 'New' } }, 'new-one');
    expect((await caller('GET', '/app/new-one')).body).toMatchObject({ name: 'New', uid: 'new-one' });
  });

  it('ends by its time', async () => {
    const caller = await inPortal({ expiry: 1 });
    await eventually(async () => (await caller('GET', '/app/acme')).status === 401, { within: 5_000 });
  });

  it('ends for all at once, or for one session, on every process within 2 seconds', async () => {
    const second = await startTestApi(app.environment);
    try {
      const elsewhere = { http: second };
      const [one, two] = [await open({ sessionId: 'one' }), await open({ sessionId: 'two' })];
      const status = async ({ token }: Portal) => (await callerOf(elsewhere, token)('GET', '/app/acme')).status;
      expect([await status(one), await status(two)]).toEqual([200, 200]);
      expected(204, await ann.organization('POST', '/auth/app/acme/expire-all', { sessionIds: ['one'] }));
      await eventually(async () => (await status(one)) === 401, { within: 2_500 });
      expect(await status(two)).toBe(200);
      expected(204, await ann.organization('POST', `/auth/app/${acme.id}/expire-all`));
      await eventually(async () => (await status(two)) === 401, { within: 2_500 });
      expect(await status(await open())).toBe(200);
    } finally {
      await second.close();
    }
  });

  it('ends in a while, also when more time is given later, and lets newer tokens be', async () => {
    const application = { name: 'Later', uid: 'later' };
    const first = callerOf(app, (await open({ application }, 'later')).token);
    const session = callerOf(app, (await open({ sessionId: 'own' }, 'later')).token);
    expected(204, await ann.organization('POST', '/auth/app/later/expire-all', { expiry: 2 }));
    const second = callerOf(app, (await open({}, 'later')).token);
    expected(204, await ann.organization('POST', '/auth/app/later/expire-all', { expiry: 600 }));
    for (const caller of [first, session, second]) expect((await caller('GET', '/app/later')).status).toBe(200);
    for (const caller of [first, session])
      await eventually(async () => (await caller('GET', '/app/later')).status === 401, { within: 5_000 });
    expect((await second('GET', '/app/later')).status).toBe(200);
    for (const expiry of [-1, 604_801, 1.5, '1'])
      expect((await ann.organization('POST', '/auth/app/later/expire-all', { expiry })).status).toBe(422);
  });

  it('ends with its application', async () => {
    const caller = await inPortal({ application: { name: 'Gone' } }, 'gone');
    expect((await caller('GET', '/event-type')).status).toBe(200);
    expected(204, await ann.organization('DELETE', '/app/gone'));
    await eventually(async () => (await caller('GET', '/event-type')).status === 401, { within: 2_500 });
  });

  it.each([
    { capabilities: ['message.write'] },
    { capabilities: ['everything'] },
    { capabilities: 'endpoint.read' },
    { expiry: 0 },
    { expiry: 604_801 },
    { expiry: 1.5 },
    { featureFlags: ['not a flag'] },
    { sessionId: '' },
    { application: {} },
    [],
  ])('does not open for %j', async (body) => {
    expect((await ann.organization('POST', '/auth/app-portal-access/acme', body)).status).toBe(422);
  });

  it("does not open to another organization's application", async () => {
    const eve = await signUp(app, 'Eve');
    expect((await eve.organization('POST', '/auth/app-portal-access/acme', {})).status).toBe(404);
    expect((await eve.organization('POST', `/auth/app-portal-access/${acme.id}`, {})).status).toBe(404);
    expect((await eve.organization('POST', `/auth/app/${acme.id}/expire-all`, {})).status).toBe(404);
  });
});
