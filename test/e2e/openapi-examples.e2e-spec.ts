import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { type Account, type Caller, callerOf, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { committedDescription, operationsOf } from '../support/description';
import { eventually } from '../support/eventually';
import { type Receiver, startReceiver } from '../support/receiver';
import { tokenIn } from '../support/smtp';
import { thingsOfModules } from '../support/things';

/** A person, an organization of theirs, and what has been made in it so far, by the name of the path parameter. */
type Scene = { readonly person: Account; readonly call: Caller; readonly organizationId: string; readonly made: Record<string, string> };
type Values = Readonly<Record<string, unknown>>;

const OPERATIONS = operationsOf(committedDescription());

describe('the example of', () => {
  let app: TestApp;
  let receiver: Receiver;
  let ann: Account;

  beforeAll(async () => {
    [app, receiver] = await Promise.all([startTestApp({ worker: true, env: { DELIVERY_RETRY_SCHEDULE: '' } }), startReceiver()]);
    ann = await signUp(app);
  });
  afterAll(async () => {
    await app.stop();
    await receiver.stop();
  });

  const anybody = () => callerOf(app);
  const idOf = async (status: number, reply: ReturnType<Caller>) => (expected(status, await reply) as { id: string }).id;

  /** Another person, who has joined the organization of the scene. */
  async function joined({ call, organizationId }: Scene): Promise<Account> {
    const bob = await signUp(app, 'Bob');
    const token = await invitation(call, organizationId, bob.email, 2);
    expected(200, await bob.user('POST', '/invitation/accept', { token }));
    return bob;
  }

  async function invitation(call: Caller, organizationId: string, email: string, count: number): Promise<string> {
    expected(201, await call('POST', `/organization/${organizationId}/invitation`, { email, role: 'viewer' }));
    return tokenIn(await app.mail.mailTo(email, { count }));
  }

  /** Sets up an authenticator app. @returns a code that was not used yet */
  async function secondFactor({ person: { user, password } }: Scene, confirmed: boolean): Promise<string> {
    const { secret } = expected(201, await user<{ secret: string }>('POST', '/users/me/second-factor', { password }));
    const totp = new TOTP({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: 30 });
    const code = (step: number) => totp.generate({ timestamp: Date.now() + step * 30_000 });
    if (!confirmed) return code(0);
    expected(200, await user('POST', '/users/me/second-factor/confirm', { code: code(-1) }));
    return code(0);
  }

  /** Makes what a path names. Parameters are made from left to right. */
  const MAKE: Record<string, (scene: Scene) => Promise<string>> = {
    ...Object.fromEntries(Object.entries(thingsOfModules()).map(([name, make]) => [name, ({ call }: Scene) => make(call)])),
    organizationId: async ({ organizationId }) => organizationId,
    userId: async (scene) => (await joined(scene)).userId,
    invitationId: ({ call, organizationId }) =>
      idOf(201, call('POST', `/organization/${organizationId}/invitation`, { email: 'guest@example.com', role: 'viewer' })),
    apiKeyId: ({ call }) => idOf(201, call('POST', '/api-key', { name: 'example' })),
    sessionId: async ({ person: { user, email, password } }) => {
      expected(200, await anybody()('POST', '/auth/login', { email, password }));
      const { data } = expected(200, await user<{ data: { id: string; current: boolean }[] }>('GET', '/users/me/sessions'));
      return data.find(({ current }) => !current)!.id;
    },
    taskId: async ({ person: { user } }) => expected(202, await user<{ taskId: string }>('POST', '/users/me/export')).taskId,
    task_id: async (scene) => {
      const path = `/app/${await MAKE['app_id']!(scene)}/endpoint/${await MAKE['endpoint_id']!(scene)}/recover`;
      return idOf(202, scene.call('POST', path, { since: new Date().toISOString() }));
    },
    event_type_name: async ({ call }) => {
      expected(201, await call('POST', '/event-type', { name: 'user.created', description: '' }));
      return 'user.created';
    },
    app_id: async ({ call, made }) => {
      for (const name of ['invoice.paid', 'user.created']) expected(201, await call('POST', '/event-type', { name, description: '' }));
      made['app_id'] = await idOf(201, call('POST', '/app', { name: 'Acme' }));
      made['endpoint_id'] = await idOf(201, call('POST', `/app/${made['app_id']}/endpoint`, { url: receiver.url }));
      return made['app_id'];
    },
    // Without an application before it, it is one of the organization.
    endpoint_id: async ({ call, made }) =>
      made['endpoint_id'] ?? idOf(201, call('POST', '/operational-webhook/endpoint', { url: receiver.url })),
    msg_id: ({ call, made }) => idOf(202, call('POST', `/app/${made['app_id']!}/msg`, { eventType: 'invoice.paid', payload: {} })),
    attempt_id: ({ call, made }) =>
      eventually(
        async () =>
          (await call<{ data: { id: string }[] }>('GET', `/app/${made['app_id']!}/attempt/msg/${made['msg_id']!}`)).body.data[0]?.id,
        { what: 'an attempt' },
      ),
  };

  /** What an operation needs besides what its path names; the values take the place of those that nobody can write into a document. */
  const PREPARE: Record<string, (scene: Scene) => Promise<Values>> = {
    verifyEmail: async () => {
      const email = `new.${randomBytes(6).toString('hex')}@example.com`;
      expected(202, await anybody()('POST', '/auth/register', { email, password: 'violet kettle orbit 17', name: 'New' }));
      return { token: tokenIn(await app.mail.mailTo(email)) };
    },
    login: async ({ person: { email } }) => ({ email }),
    refresh: async ({ person: { refreshToken } }) => ({ refreshToken }),
    logout: async ({ person: { refreshToken } }) => ({ refreshToken }),
    forgotPassword: async ({ person: { email } }) => ({ email }),
    resetPassword: async ({ person: { email } }) => {
      expected(202, await anybody()('POST', '/auth/forgot-password', { email }));
      return { token: tokenIn(await app.mail.mailTo(email, { count: 2 })), password: 'amber lantern glacier 42' };
    },
    confirmEmailChange: async ({ person: { user, email, password } }) => {
      expected(202, await user('POST', '/users/me/email', { email: `other.${email}`, password }));
      return { token: tokenIn(await app.mail.mailTo(`other.${email}`)) };
    },
    confirmSecondFactor: async (scene) => ({ code: await secondFactor(scene, false) }),
    renewRecoveryCodes: async (scene) => ({ code: await secondFactor(scene, true) }),
    removeSecondFactor: async (scene) => ({ code: await secondFactor(scene, true) }),
    acceptInvitation: async ({ person }) => {
      const organizationId = await idOf(201, ann.user('POST', '/organization', { name: 'Host' }));
      return { token: await invitation(actingFor(ann, organizationId), organizationId, person.email, 2) };
    },
    transferOrganization: async (scene) => ({ userId: (await joined(scene)).userId }),
    restoreOrganization: async ({ call, organizationId }) => {
      expected(202, await call('DELETE', `/organization/${organizationId}`));
      return {};
    },
    sendEventExample: async ({ call }) => {
      const schemas = { 1: { type: 'object', examples: [{ id: 'inv_1' }] } };
      expected(200, await call('PATCH', '/event-type/invoice.paid', { schemas }));
      return {};
    },
    cancelMessage: async ({ call, made }) => {
      const deliverAt = new Date(Date.now() + 3_600_000).toISOString();
      const message = { eventType: 'invoice.paid', payload: {}, deliverAt };
      return { msg_id: await idOf(202, call('POST', `/app/${made['app_id']!}/msg`, message)) };
    },
  };

  /** Who calls, where that is not the owner of the organization. */
  const CALLER: Record<string, (scene: Scene) => Promise<Caller>> = {
    leaveOrganization: async (scene) => actingFor(await joined(scene), scene.organizationId),
  };

  function actingFor({ accessToken }: Account, organizationId: string): Caller {
    const call = callerOf(app, accessToken);
    return (method, path, payload, headers) => call(method, path, payload, { 'posthorn-organization': organizationId, ...headers });
  }

  async function sceneFor(tags: readonly string[]): Promise<Scene> {
    // What is done to people is done to somebody whom nobody needs afterwards, and whose password is the one of the document.
    const alone = tags.some((tag) => ['Users', 'Sign-in', 'Invitations'].includes(tag));
    const person = alone ? await signUp(app, 'Zoe', 'violet kettle orbit 17') : ann;
    const organizationId = await idOf(201, person.user('POST', '/organization', { name: 'Example' }));
    return { person, organizationId, call: actingFor(person, organizationId), made: {} };
  }

  it.each(OPERATIONS)('$operation.operationId is executed', async ({ method, path, operation }) => {
    const { operationId = '', parameters = [], requestBody, responses, tags = [] } = operation;
    const scene = await sceneFor(tags);
    for (const [, name] of path.matchAll(/\{(\w+)\}/g)) {
      if (!(name! in MAKE)) throw new Error(`MAKE has to say how to make a thing for {${name!}}.`);
      scene.made[name!] = await MAKE[name!]!(scene);
    }
    const values: Values = { ...scene.made, ...recent(), ...(await PREPARE[operationId]?.(scene)) };
    const call = (await CALLER[operationId]?.(scene)) ?? scene.call;

    const query = new URLSearchParams();
    for (const { name, in: place, example } of parameters) {
      if (place !== 'query') continue;
      for (const value of [example].flat()) query.append(name, String(values[name] ?? value));
    }
    const url = path.replace('/api/v1', '').replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])));
    const example = requestBody?.content['application/json']?.example as object | undefined;
    const body = example && Object.fromEntries(Object.entries(example).map(([name, value]) => [name, values[name] ?? value]));
    const reply = await call(method as 'GET', query.size > 0 ? `${url}?${query.toString()}` : url, body);
    const wanted = Object.keys(responses).filter((status) => status.startsWith('2'));
    expect({ wanted, reply: reply.body, good: wanted.includes(String(reply.status)) }).toMatchObject({ good: true });
  });

  /** Times that have to be near to the present one. */
  const recent = (): Values => ({
    since: new Date(Date.now() - 3_600_000).toISOString(),
    until: new Date(Date.now() - 60_000).toISOString(),
  });
});
