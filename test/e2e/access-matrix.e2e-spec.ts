import { loadConfig } from '../../src/config/env';
import { byKey, forgedJwt } from '../../src/modules/auth/testing/forged-jwt';
import { type Permission, ROLES, type Role } from '../../src/platform/access/permission';
import { Sql } from '../../src/platform/database/sql';
import { newId } from '../../src/platform/ids/id';
import { addedModules } from '../../src/platform/modules/feature-module';
import { type Account, callerOf, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { descriptionOf, operationsOf } from '../support/description';
import { eventually } from '../support/eventually';
import { startReceiver } from '../support/receiver';
import { type Route, routesOf } from '../support/routes';
import { thingsOfModules } from '../support/things';
import { flawOf } from '../support/refusal';
import { listenAt, send } from '../support/webhooks';

/** Open to anybody, by decision: everything else demands a token. */
const PUBLIC = [
  'GET /',
  'GET /accept-invitation',
  'GET /auth/oidc',
  'GET /auth/oidc/:provider',
  'GET /auth/oidc/:provider/callback',
  'GET /confirm-email-change',
  'GET /docs/errors',
  'GET /health',
  'GET /health/ping',
  'GET /livez',
  'GET /readyz',
  'GET /reset-password',
  'GET /verify-email',
  'POST /auth/confirm-email-change',
  'POST /auth/forgot-password',
  'POST /auth/login',
  'POST /auth/logout',
  'POST /auth/refresh',
  'POST /auth/register',
  'POST /auth/reset-password',
  'POST /auth/verify-email',
];

/** A good body for each operation that takes one: without it the schema would refuse before the tenant is looked at. */
const BODIES: Record<string, object> = {
  createApiKey: { name: 'matrix' },
  eraseMe: { password: 'not the password' },
  updateMe: { name: 'Matrix' },
  changePassword: { currentPassword: 'not the password', newPassword: 'nor will this be it' },
  changeEmail: { email: 'matrix@example.com', password: 'not the password' },
  startSecondFactor: { password: 'not the password' },
  confirmSecondFactor: { code: '000000' },
  renewRecoveryCodes: { password: 'not the password', code: '000000' },
  removeSecondFactor: { password: 'not the password', code: '000000' },
  patchApiKey: { name: 'matrix' },
  openPortal: {},
  endPortalAccess: {},
  createApplication: { name: 'matrix' },
  upsertApplication: { name: 'matrix' },
  patchApplication: { name: 'matrix' },
  createEventType: { name: 'matrix.made', description: 'made by the matrix' },
  upsertEventType: { description: 'changed by the matrix' },
  patchEventType: { description: 'changed by the matrix' },
  createEndpoint: { url: 'http://127.0.0.1:9/' },
  upsertEndpoint: { url: 'http://127.0.0.1:9/' },
  patchEndpoint: { description: 'changed by the matrix' },
  rotateEndpointSecret: {},
  setEndpointHeaders: { headers: { 'x-matrix': 'changed' } },
  patchEndpointHeaders: { headers: { 'x-matrix': 'changed' } },
  patchEndpointTransformation: { code: 'function handler(webhook) { return webhook; } // changed by the matrix' },
  simulateEndpointTransformation: { code: 'function handler(webhook) { return webhook; }', eventType: 'invoice.paid', payload: {} },
  createOrganization: { name: 'matrix' },
  updateOrganization: { name: 'matrix' },
  transferOrganization: { userId: 'user_none' },
  changeRole: { role: 'viewer' },
  createInvitation: { email: 'matrix@example.com', role: 'viewer' },
  acceptInvitation: { token: 'none' },
  createMessage: { eventType: 'invoice.paid', payload: {} },
  createMessages: { messages: [{ eventType: 'invoice.paid', payload: {} }] },
  precheckMessage: { eventType: 'invoice.paid' },
  expungeMessageContents: { ids: [] },
  importEventTypes: { spec: { openapi: '3.1.0', webhooks: {} } },
  importEnvironment: {},
  countApplicationUsage: { since: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z' },
  recoverEndpoint: { since: '2100-01-01T00:00:00Z', until: '2100-01-02T00:00:00Z' },
  enableEndpoint: { recoverSince: '2020-01-01T00:00:00Z' },
  replayMissing: { since: '2100-01-01T00:00:00Z', until: '2100-01-02T00:00:00Z' },
  createOperationalWebhook: { url: 'https://example.com/', disabled: true },
  upsertOperationalWebhook: { url: 'https://example.com/', disabled: true },
  patchOperationalWebhook: { description: 'changed by the matrix' },
  rotateOperationalWebhookSecret: {},
  setOperationalWebhookHeaders: { headers: { 'x-matrix': 'changed' } },
  patchOperationalWebhookHeaders: { headers: { 'x-matrix': 'changed' } },
  sendEventExample: { eventType: 'svix.ping' },
  bulkReplay: { since: '2100-01-01T00:00:00Z', until: '2100-01-02T00:00:00Z' },
};

/** Its endpoints are others than those of applications. */
const OPERATIONAL_WEBHOOKS = '/operational-webhook/';

/** Who does this belongs to nobody afterwards. */
const LEAVE = '/organization/:organizationId/leave';

type Ids = Readonly<Record<string, string>>;
type Verdict = { readonly status: number; readonly code: string };

const UNAUTHENTICATED: Verdict = { status: 401, code: 'authentication_failed' };
const FORBIDDEN: Verdict = { status: 403, code: 'insufficient_permission' };
const NOT_FOUND: Verdict = { status: 404, code: 'not_found' };
const PEOPLE_ONLY: Verdict = { status: 403, code: 'user_required' };

describe('access, route by route and actor by actor', () => {
  let app: TestApp;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let ann: Account;
  let bob: Account;
  let routes: Route[];
  let operationIds: Map<string, string>;
  /** Of each operation that takes a body: those of added modules have the example of their document. */
  let bodies: Readonly<Record<string, object>>;
  /** What exists in Ann's organization, by the name of the path parameter. */
  let existing: Ids;
  const tokens = new Map<string, string>();
  let otherApplication: string;

  beforeAll(async () => {
    [app, receiver] = await Promise.all([startTestApp({ worker: true }), startReceiver()]);
    [ann, bob] = [await signUp(app, 'Ann'), await signUp(app, 'Bob')];
    routes = routesOf(app.http).filter(({ path }) => !path.startsWith('/dev/'));
    operationIds = new Map(
      operationsOf(await descriptionOf(app)).map(({ method, path, operation }) => [
        `${method} ${path.replace('/api/v1', '').replaceAll(/\{(\w+)\}/g, ':$1')}`,
        operation.operationId ?? '',
      ]),
    );
    const examples = operationsOf(await descriptionOf(app)).flatMap(({ operation: { operationId, requestBody, tags = [] } }) => {
      const example = requestBody?.content['application/json']?.example;
      const isAdded = addedModules().some((module) => tags.some((tag) => tag in module.tags));
      return isAdded && example ? [[operationId, example]] : [];
    });
    bodies = { ...BODIES, ...(Object.fromEntries(examples) as Record<string, object>) };
    existing = await thingsOf(ann);
    await makeTokens();
  });
  afterAll(async () => {
    await app.stop();
    await receiver.stop();
  });

  it('is public where it was decided so, and nowhere else', () => {
    const open = routes.filter(({ access }) => access === 'public').map(({ method, path }) => `${method} ${path}`);
    expect(open.sort()).toEqual(PUBLIC);
  });

  it('knows a good body for every operation that takes one', async () => {
    const operations = operationsOf(await descriptionOf(app)).filter(({ operation }) => operation.requestBody);
    const withBody = new Set(operations.map(({ operation }) => operation.operationId));
    const needed = guarded().map(({ method, path }) => operationIds.get(`${method} ${path}`));
    expect(needed.filter((id) => id !== undefined && withBody.has(id) && !(id in bodies))).toEqual([]);
  });

  it('knows a thing of the tenant for every parameter of a path', () => {
    const parameters = new Set(guarded().flatMap(({ path }) => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name!)));
    expect([...parameters].filter((name) => !(name in existing))).toEqual([]);
  });

  it.each(['nobody', 'expired', 'of another type', 'of an ended session', 'revoked key'])('refuses everywhere: %s', async (actor) => {
    expect(await surprises(actor, existing, () => UNAUTHENTICATED)).toEqual([]);
  });

  it.each(ROLES.filter((role) => role !== 'owner'))('lets a %s do what the role may, and nothing else', async (role) => {
    const refusal = ({ access }: Route) => (typeof access === 'object' && below(role, access.atLeast) ? FORBIDDEN : null);
    const permitted = guarded().filter((route) => !refusal(route));
    expect(await surprises(role, existing, refusal, guarded().filter(refusal))).toEqual([]);
    // On things that do not exist: may, and finds nothing.
    const nothing = { ...mapValues(existing, () => 'none'), organizationId: ann.organizationId };
    expect(
      await surprises(
        role,
        nothing,
        () => null,
        permitted.filter(({ access, path }) => access !== 'account' && path !== LEAVE),
      ),
    ).toEqual([]);
  });

  it('lets a portal token do what a portal may for its application, and nothing else', async () => {
    const refusal = ({ access }: Route) => (access === 'account' ? PEOPLE_ONLY : (access as Permission).portal ? null : FORBIDDEN);
    expect(await surprises('portal', existing, refusal, guarded().filter(refusal))).toEqual([]);
    const permitted = guarded().filter((route) => !refusal(route));
    // On things that do not exist: may, and finds nothing.
    const nothing = { ...mapValues(existing, () => 'none'), app_id: existing['app_id']! };
    expect(await surprises('portal', nothing, () => null, permitted)).toEqual([]);
    // Another application, and one that does not exist, are the same to it.
    const ofApplications = permitted.filter(({ path }) => path.includes(':app_id'));
    for (const appId of [otherApplication, 'none'])
      expect(await surprises('portal', { ...existing, app_id: appId }, () => NOT_FOUND, ofApplications)).toEqual([]);
  });

  it('lets an API key do what its scopes name, and nothing else', async () => {
    const refusal = ({ access }: Route) =>
      access === 'account' ? PEOPLE_ONLY : typeof access === 'object' && access.name !== 'application.read' ? FORBIDDEN : null;
    expect(await surprises('scoped key', existing, refusal)).toEqual([]);
  });

  it.each(['stranger', "stranger's key"])("finds nothing of another tenant's: %s", async (actor) => {
    const refusal = ({ access, path }: Route): Verdict | null => {
      if (actor !== 'stranger' && access === 'account') return PEOPLE_ONLY;
      if (actor !== 'stranger' && typeof access === 'object' && !access.apiKeys && !path.includes(':organizationId')) return FORBIDDEN;
      // Names of event types are each tenant's own: the snapshot shows that Ann's did not change.
      return /:(?!event_type_name)/.test(path) ? NOT_FOUND : null;
    };
    const before = await snapshot();
    expect(
      await surprises(
        actor,
        existing,
        refusal,
        guarded().filter((route) => refusal(route)),
      ),
    ).toEqual([]);
    const lists = guarded().filter((route) => route.method === 'GET' && !refusal(route));
    for (const { path } of lists) {
      const { body } = await app.http.inject({ url: `/api/v1${path}`, headers: headersOf(actor) });
      expect(Object.values(existing).filter((id) => body.includes(id))).toEqual([]);
    }
    expect(await snapshot()).toEqual(before);
  });

  /** Requests whose answer is not the expected one; null expects anything but 401 and 403. */
  async function surprises(actor: string, ids: Ids, verdict: (route: Route) => Verdict | null, on = guarded()): Promise<string[]> {
    const found: string[] = [];
    for (const route of on) {
      const { method, path } = route;
      const body = bodies[operationIds.get(`${method} ${path}`) ?? ''];
      const things: Ids = path.startsWith(OPERATIONAL_WEBHOOKS) ? { ...ids, endpoint_id: ids['operational_endpoint_id'] ?? 'none' } : ids;
      const url = `/api/v1${path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(things[name] ?? 'none'))}`;
      const reply = await app.http.inject({ method: method as 'GET', url, headers: headersOf(actor), ...(body && { payload: body }) });
      const flaw = flawOf({ statusCode: reply.statusCode, headers: reply.headers, body: reply.body });
      const want = verdict(route);
      const { code } = reply.statusCode >= 400 ? reply.json<{ code: string }>() : { code: '' };
      // Some modules say which kind of thing there is not.
      const good = want
        ? reply.statusCode === want.status && (want.status === 404 || code === want.code)
        : ![401, 403].includes(reply.statusCode);
      if (!good || flaw !== undefined) found.push(`${method} ${path}: ${reply.statusCode} ${code} ${flaw ?? ''}`.trim());
    }
    return found;
  }

  const guarded = () => routes.filter(({ access }) => access !== 'public');

  function headersOf(actor: string): Record<string, string> {
    const token = tokens.get(actor);
    return {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(isRole(actor) && { 'posthorn-organization': ann.organizationId }),
    };
  }

  /** What Ann sees of her own things. */
  async function snapshot(): Promise<unknown> {
    const { app_id: appId, endpoint_id: endpointId, operational_endpoint_id: operationalId } = existing;
    const paths = [
      `/app/${appId}`,
      `/app/${appId}/endpoint/${endpointId}`,
      `/app/${appId}/endpoint/${endpointId}/headers`,
      `/app/${appId}/endpoint/${endpointId}/transformation`,
      `${OPERATIONAL_WEBHOOKS}endpoint`,
      `${OPERATIONAL_WEBHOOKS}endpoint/${operationalId}/headers`,
      '/event-type',
      '/api-key',
      `/organization/${ann.organizationId}`,
      `/organization/${ann.organizationId}/member`,
      `/organization/${ann.organizationId}/invitation`,
    ];
    return Promise.all(paths.map(async (path) => (await ann.user('GET', path)).body));
  }

  async function thingsOf(owner: Account): Promise<Ids> {
    const { organization } = owner;
    expected(201, await organization('POST', '/event-type', { name: 'invoice.paid', description: 'paid' }));
    const { appId, endpointId } = await listenAt(owner, receiver.url);
    const listening = await organization<{ id: string }>('POST', `${OPERATIONAL_WEBHOOKS}endpoint`, { url: receiver.url });
    const { id: operationalId } = expected(201, listening);
    const messageId = await send(owner, appId);
    const attempt = await eventually(
      async () => (await organization<{ data: { id: string }[] }>('GET', `/app/${appId}/attempt/msg/${messageId}`)).body.data[0],
      { what: 'an attempt' },
    );
    const { id: apiKeyId } = expected(201, await owner.user<{ id: string }>('POST', '/api-key', { name: 'kept' }));
    const invitation = { email: 'guest@example.com', role: 'viewer' };
    const { id: invitationId } = expected(
      201,
      await owner.user<{ id: string }>('POST', `/organization/${owner.organizationId}/invitation`, invitation),
    );
    const { data: sessions } = expected(200, await owner.user<{ data: { id: string }[] }>('GET', '/users/me/sessions'));
    const { taskId } = expected(202, await owner.user<{ taskId: string }>('POST', '/users/me/export'));
    const since = { since: new Date().toISOString() };
    const replay = await organization<{ id: string }>('POST', `/app/${appId}/endpoint/${endpointId}/recover`, since);
    const ofModules = Object.entries(thingsOfModules()).map(async ([name, make]) => [name, await make(organization)] as const);
    return {
      ...Object.fromEntries(await Promise.all(ofModules)),
      task_id: expected(202, replay).id,
      app_id: appId,
      endpoint_id: endpointId,
      operational_endpoint_id: operationalId,
      msg_id: messageId,
      attempt_id: attempt.id,
      event_type_name: 'invoice.paid',
      apiKeyId,
      organizationId: owner.organizationId,
      userId: owner.userId,
      invitationId,
      sessionId: sessions[0]!.id,
      taskId,
    };
  }

  async function makeTokens(): Promise<void> {
    tokens.set('stranger', bob.accessToken);
    const portal = await ann.organization<{ token: string }>('POST', `/auth/app-portal-access/${existing['app_id']!}`, {});
    tokens.set('portal', expected(200, portal).token);
    otherApplication = expected(201, await ann.organization<{ id: string }>('POST', '/app', { name: 'other' })).id;
    tokens.set("stranger's key", bob.apiKey);
    for (const role of ROLES) tokens.set(role, role === 'owner' ? ann.accessToken : await memberOf(ann.organizationId, role));
    const { id: keyId, token: revoked } = expected(
      201,
      await ann.user<{ id: string; token: string }>('POST', '/api-key', { name: 'to be revoked' }),
    );
    expected(204, await ann.user('DELETE', `/api-key/${keyId}`));
    tokens.set('revoked key', revoked);
    const scopes = ['application.read'];
    const scoped = await ann.user<{ token: string }>('POST', '/api-key', { name: 'reads', scopes });
    tokens.set('scoped key', expected(201, scoped).token);
    tokens.set('of another type', ann.apiKey.replace('ph_live_', ''));
    const [key] = loadConfig(app.environment).keys.signing;
    const now = Math.floor(Date.now() / 1_000);
    const claims = JSON.parse(Buffer.from(ann.accessToken.split('.')[1]!, 'base64url').toString()) as object;
    tokens.set('expired', forgedJwt({ alg: 'ES256', typ: 'at+jwt', kid: key!.id }, { ...claims, exp: now - 1 }, byKey(key!.privateKey)));
    const { accessToken } = expected(
      200,
      await callerOf(app)<{ accessToken: string }>('POST', '/auth/login', { email: ann.email, password: ann.password }),
    );
    await callerOf(app, accessToken)('POST', '/auth/logout');
    tokens.set('of an ended session', accessToken);
  }

  /** A person of another organization who joined this one. */
  async function memberOf(organizationId: string, role: Role): Promise<string> {
    const person = await signUp(app, role);
    await app.http
      .get(Sql)
      .run(
        `INSERT INTO member (id, version, organization_id, user_id, role, created_at, updated_at) VALUES ($1, 1, $2, $3, $4, now(), now())`,
        [newId('mem'), organizationId, person.userId, role],
      );
    return person.accessToken;
  }
});

const isRole = (actor: string): actor is Role => (ROLES as readonly string[]).includes(actor);

const below = (role: Role, least: Role) => ROLES.indexOf(role) < ROLES.indexOf(least);

function mapValues(ids: Ids, to: (id: string) => string): Ids {
  return Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, to(id)]));
}
