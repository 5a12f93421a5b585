import { type Account, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { committedDescription, contractOf, type Description, descriptionOf, operationsOf } from '../support/description';

/** Who may call without a token. */
const PUBLIC = [
  'getHealth',
  'pingHealth',
  'register',
  'verifyEmail',
  'login',
  'refresh',
  'logout',
  'forgotPassword',
  'resetPassword',
  'confirmEmailChange',
  'listIdentityProviders',
];

describe('the OpenAPI document', () => {
  let app: TestApp;
  let ann: Account;
  let description: Description;

  beforeAll(async () => {
    app = await startTestApp({ worker: true });
    [ann, description] = await Promise.all([signUp(app), descriptionOf(app)]);
  });
  afterAll(() => app.stop());

  it('is served as it is committed', () => {
    const { tags, ...committed } = committedDescription();
    expect(description).toEqual({ ...committed, tags: expect.arrayContaining(tags) as unknown });
  });

  it('asks for a token everywhere but where anybody may call', async () => {
    const open = operationsOf(description).filter(
      ({ operation: { security } }) => security && (security.length === 0 || security.some((scheme) => Object.keys(scheme).length === 0)),
    );
    expect(open.map(({ operation }) => operation.operationId)).toEqual(PUBLIC);
    expect(description).toMatchObject({ security: [{ bearer: [] }] });
    for (const { method, path, operation } of operationsOf(description)) {
      const { statusCode } = await app.http.inject({ method: method as 'GET', url: path.replace(/[{}]/g, ''), payload: {} });
      expect({ path, refused: statusCode === 401 }).toEqual({ path, refused: !PUBLIC.includes(operation.operationId ?? '') });
    }
  });

  it('keeps what it promises: answers of the main operations', async () => {
    const contract = contractOf(description);
    const call = async (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, payload?: object, token = ann.apiKey) => {
      const url = `/api/v1${path}`;
      const reply = await app.http.inject({
        method,
        url,
        headers: { authorization: `Bearer ${token}` },
        ...(payload ? { payload } : {}),
      });
      contract.check(method, url, reply);
      return reply.statusCode;
    };
    const done = async (...args: Parameters<typeof call>) => expect(await call(...args)).toBeLessThan(300);
    await done('GET', '/users/me', undefined, ann.accessToken);
    await done('GET', '/api-key', undefined, ann.accessToken);
    await done('POST', '/auth/login', { email: ann.email, password: ann.password });
    await done('POST', '/event-type', { name: 'invoice.paid', description: 'Paid', schemas: { 1: { type: 'object' } } });
    await done('GET', '/event-type?with_content=true');
    await done('GET', '/event-type/invoice.paid');
    await done('POST', '/app', { name: 'Acme', uid: 'acme', metadata: { plan: 'pro' } });
    await done('GET', '/app');
    await done('POST', '/app/acme/endpoint', { url: 'http://127.0.0.1:8080/', uid: 'main', channels: ['a'], throttleRate: 5 });
    await done('GET', '/app/acme/endpoint');
    await done('GET', '/app/acme/endpoint/main/secret');
    await done('PATCH', '/app/acme/endpoint/main/headers', { headers: { 'X-Tenant': 'a', Authorization: 'b' } });
    await done('GET', '/app/acme/endpoint/main/headers');
    await done('POST', '/app/acme/msg', { eventType: 'invoice.paid', payload: { a: { b: [1] } }, eventId: 'e1', channels: ['b'] });
    await done('GET', '/app/acme/msg');
    await done('GET', '/app/acme/msg/e1?with_content=false');
    await done('GET', '/app/acme/attempt/msg/e1');
    await done('GET', '/app/acme/attempt/endpoint/main');
    await done('DELETE', '/app/acme/endpoint/main');
    expect(await call('POST', '/app', { name: 7 })).toBe(422);
    expect(await call('GET', '/app/nobody')).toBe(404);
    expect(await call('GET', '/app', undefined, 'garbage')).toBe(401);
  });
});

describe('/docs', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.stop());

  it.each(['/docs', '/docs/'])('%s is a page that needs nothing from elsewhere', async (url) => {
    const page = await app.http.inject(url);
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-type']).toContain('text/html');
    const assets = [...page.body.matchAll(/<(?:script|link|img|iframe)\b[^>]*?\b(?:src|href)="([^"]+)"/g)].map(([, asset]) => asset!);
    expect(assets.length).toBeGreaterThan(3);
    for (const asset of assets) {
      const { origin, pathname } = new URL(asset, `http://posthorn.test${url}`);
      expect(origin).toBe('http://posthorn.test');
      expect({ pathname, status: (await app.http.inject(pathname)).statusCode }).toEqual({ pathname, status: 200 });
    }
  });

  it('does not have the document judged by a service on the Internet', async () => {
    const { body } = await app.http.inject('/docs/swagger-ui-init.js');
    expect(body).toContain('"validatorUrl": null');
  });
});
