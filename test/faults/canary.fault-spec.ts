import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { Secret, TOTP } from 'otpauth';
import { request } from 'undici';
import { startEmbeddedPostgres } from '../../src/local/embedded-postgres';
import { startLocalRedis } from '../../src/local/local-redis';
import { migrate } from '../support/migrate';
import { type Caller, callerAt, expected } from '../support/accounts';
import { type Canaries, newCanaries } from '../support/canary';
import { testEnvironment } from '../support/environment';
import { eventually } from '../support/eventually';
import { startOidcServer } from '../support/oidc';
import { startProcess } from '../support/processes';
import { startReceiver } from '../support/receiver';
import { REDIS_PACKAGE } from '../support/services';
import { startMailServer, tokenIn } from '../support/smtp';

const MINUTE = 60_000;
const OIDC = '/api/v1/auth/oidc/real';

const undo: (() => unknown)[] = [];
afterAll(async () => {
  for (const step of undo.reverse()) await step();
});

/** A Posthorn with servers of its own, whose files nobody else writes to; it logs all that it can. */
async function start() {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-canary-'));
  chmodSync(folder, 0o711);
  undo.push(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const postgres = await startEmbeddedPostgres({ directory: join(folder, 'postgres'), password: randomBytes(12).toString('hex') });
  undo.push(() => postgres.stop());
  const redis = await startLocalRedis({ directory: join(folder, 'redis'), packageDirectory: REDIS_PACKAGE });
  undo.push(() => redis.stop());
  const [mail, receiver, oidc] = await Promise.all([
    startMailServer(),
    startReceiver(),
    startOidcServer(`http://posthorn.test${OIDC}/callback`),
    migrate(postgres.url),
  ]);
  undo.push(() => Promise.all([mail.stop(), receiver.stop(), oidc.stop()]));

  const client = new Redis(redis.url);
  const monitor = await client.monitor();
  client.disconnect();
  const toRedis: string[] = [];
  monitor.on('monitor', (_time: string, args: string[]) => toRedis.push(args.join(' ')));
  undo.push(() => monitor.disconnect());

  const environment = testEnvironment({
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    SMTP_URL: mail.url,
    LOG_LEVEL: 'trace',
    OIDC_PROVIDERS: JSON.stringify([
      { id: 'real', name: 'Example ID', issuer: oidc.issuer, clientId: 'posthorn', clientSecret: 'a secret of the client' },
    ]),
    DELIVERY_RETRY_SCHEDULE: '0,1',
    DELIVERY_TIMEOUT_MS: '1000',
  });
  const [api, worker] = await Promise.all([startProcess('main', environment), startProcess('worker', environment)]);
  undo.push(() => Promise.all([api.stop(), worker.stop()]));
  const database = new Client({ connectionString: postgres.url });
  await database.connect();
  undo.push(() => database.end());
  return { folder, postgres, redis, mail, receiver, oidc, toRedis, api, worker, database };
}

type Stage = Awaited<ReturnType<typeof start>> & { readonly canaries: Canaries };

type Tokens = { readonly accessToken: string; readonly refreshToken: string };

async function tokenTo({ mail, canaries: { watch } }: Stage, email: string, count = 1): Promise<string> {
  return watch(tokenIn(await mail.mailTo(email, { count })));
}

/** A person in all their fields, from the first request to a second factor. */
async function signUp(stage: Stage) {
  const { plant, watch } = stage.canaries;
  const anybody = callerAt(stage.api.url);
  const device = { 'user-agent': plant('useragent') };
  const email = `${plant('email')}@${plant('maildomain')}.example`;
  const [firstPassword, password] = [plant('firstpassword'), plant('password')];
  expected(202, await anybody('POST', '/auth/register', { email, password: firstPassword, name: plant('username') }, device));
  const token = await tokenTo(stage, email);
  await anybody('POST', '/auth/verify-email', { token: plant('wrongtoken') }, device);
  expected(200, await anybody('POST', '/auth/verify-email', { token }, device));
  expected(202, await anybody('POST', '/auth/register', { email, password, name: plant('repeatedname') }, device));
  await stage.mail.mailTo(email, { count: 2 });

  expected(202, await anybody('POST', '/auth/forgot-password', { email }));
  expected(204, await anybody('POST', '/auth/reset-password', { token: await tokenTo(stage, email, 3), password }));
  const tokens = expected(200, await anybody<Tokens>('POST', '/auth/login', { email, password }, device));
  const { accessToken } = expected(
    200,
    await anybody<Tokens>('POST', '/auth/refresh', { refreshToken: watch(tokens.refreshToken) }, device),
  );
  await anybody('POST', '/auth/login', { email, password: plant('wrongpassword') }, device);
  await anybody('POST', '/auth/login', { email: `${plant('stranger')}@stranger.example`, password }, device);

  const refused = `${plant('refusedemail')}@refused.example`;
  stage.mail.refuse(refused);
  expected(202, await anybody('POST', '/auth/register', { email: refused, password, name: plant('refusedname') }));

  const user = callerAt(stage.api.url, watch(accessToken));
  const { id: organizationId } = await eventually(
    async () => (await user<{ organizations: { id: string }[] }>('GET', '/users/me')).body.organizations[0],
  );
  expected(200, await user('PATCH', '/users/me', { name: plant('newname') }));
  watch(expected(201, await user<{ secret: string }>('POST', '/users/me/second-factor', { password })).secret);
  expected(202, await user('POST', '/users/me/email', { email: `${plant('newemail')}@example.com`, password }));
  const { secret } = expected(201, await user<{ secret: string }>('POST', '/users/me/second-factor', { password }));
  const code = new TOTP({ secret: Secret.fromBase32(watch(secret)) }).generate();
  const { recoveryCodes } = expected(200, await user<{ recoveryCodes: string[] }>('POST', '/users/me/second-factor/confirm', { code }));
  recoveryCodes.forEach(watch);

  expected(200, await user('PATCH', `/organization/${organizationId}`, { name: plant('organizationname') }));
  expected(201, await user('POST', '/organization', { name: plant('secondorganization') }));
  const invited = `${plant('invitedemail')}@example.com`;
  expected(201, await user('POST', `/organization/${organizationId}/invitation`, { email: invited, role: 'viewer' }));
  await tokenTo(stage, invited);
  const { token: apiKey } = expected(201, await user<{ token: string }>('POST', '/api-key', { name: plant('apikeyname') }));
  const { taskId } = expected(202, await user<{ taskId: string }>('POST', '/users/me/export'));
  await eventually(async () => expected(200, await user<{ status: string }>('GET', `/users/me/export/${taskId}`)).status === 'finished', {
    what: 'the export',
  });
  return { user, organization: callerAt(stage.api.url, watch(apiKey)) };
}

/** Somebody whom an OpenID provider knows. */
async function signInElsewhere({ api, oidc, canaries: { plant, watch } }: Stage): Promise<void> {
  const begun = await request(`${api.url}${OIDC}`);
  await begun.body.dump();
  const [cookie, sealed] = /^[^=]+=([^;]+)/.exec(String(begun.headers['set-cookie']))!;
  const person = `${plant('identity')}|${plant('identityemail')}@example.com|verified`;
  const { search, searchParams } = new URL(await oidc.signIn(String(begun.headers['location']), person));
  for (const secret of [sealed, searchParams.get('code'), searchParams.get('state')]) watch(secret!);
  const { statusCode, headers, body } = await request(`${api.url}${OIDC}/callback${search}`, { headers: { cookie } });
  await body.dump();
  expect([statusCode, headers['location']]).toEqual([302, 'http://posthorn.test/']);
}

/** Webhooks in all their fields, sent to receivers of every kind. */
async function sendWebhooks({ canaries: { plant, watch }, receiver }: Stage, call: Caller): Promise<void> {
  const app = expected(201, await call('POST', '/app', { name: plant('appname'), metadata: { [plant('appkey')]: plant('appvalue') } }));
  const schemas = { '1': { type: 'object', description: plant('schema') } };
  const eventType = { name: 'invoice.paid', description: plant('typedescription'), schemas };
  expected(201, await call('POST', '/event-type', eventType));
  const addEndpoint = async (url: string) => {
    const settings = { url, description: plant('endpointdescription'), metadata: { note: plant('endpointmetadata') } };
    const secret = `whsec_${Buffer.from(plant('secret')).toString('base64')}`;
    return expected(
      201,
      await call<{ id: string }>('POST', `/app/${String(app['id'])}/endpoint`, {
        ...settings,
        secret,
        headers: { 'x-tenant': plant('header') },
      }),
    ).id;
  };
  const place = `/${plant('urlpath')}?key=${plant('urlquery')}`;
  const endpoint = await addEndpoint(receiver.urlFor(place));
  const unreachable = ['http://127.0.0.1:1', `http://user:${plant('urlpassword')}@127.0.0.1:1`, `http://${plant('urlhost')}.localhost:1`];
  for (const url of unreachable) await call('POST', `/app/${String(app['id'])}/endpoint`, { url: url + place });
  for (const url of [`https://${plant('missinghost')}.invalid/`, `ftp://${plant('ftphost')}/`, plant('nourl')])
    await call('POST', `/app/${String(app['id'])}/endpoint`, { url });
  const filter = { [plant('filterpath')]: plant('filtervalue') };
  expected(201, await call('POST', `/app/${String(app['id'])}/endpoint`, { url: receiver.urlFor(place), disabled: true, filter }));
  const throwing = await addEndpoint(receiver.urlFor(place));
  const transformation = `/app/${String(app['id'])}/endpoint/${throwing}/transformation`;
  const code = `function handler(webhook) { throw new Error(webhook.variables.key + '${plant('code')}' + webhook.payload.list); }`;
  expected(204, await call('PATCH', transformation, { code, variables: { key: plant('variable') }, enabled: true }));
  await call('PATCH', transformation, { code: `${plant('brokencode')}(` });
  await call('POST', `${transformation}/simulate`, { eventType: 'invoice.paid', payload: { list: plant('simulated') } });
  const operational = { url: receiver.urlFor(place), description: plant('operational'), disabled: true };
  expected(201, await call('POST', '/operational-webhook/endpoint', operational));
  watch(expected(200, await call<{ token: string }>('POST', `/auth/app-portal-access/${String(app['id'])}`, {})).token);
  const payload = { [plant('payloadkey')]: plant('payload'), list: [plant('payloaditem')], long: plant('longpayload').repeat(200) };
  const echo = { headers: { 'x-answer': plant('answerheader') }, body: `${plant('answer')} ${plant('longanswer').repeat(100)}` };
  receiver.answer(
    { status: 500, ...echo },
    { status: 302, headers: { location: `http://127.0.0.1/${plant('location')}` } },
    'reset',
    'hang',
    { status: 200, ...echo },
  );
  for (let n = 0; n < 4; n++)
    expected(202, await call('POST', `/app/${String(app['id'])}/msg`, { eventType: 'invoice.paid', payload: { n, ...payload } }));
  await receiver.received(6);
  await eventually(async () => {
    const { data } = expected(200, await call<{ data: object[] }>('GET', `/app/${String(app['id'])}/attempt/endpoint/${endpoint}`));
    return data.length >= 6;
  });
  await eventually(async () => {
    const { data } = expected(200, await call<{ data: object[] }>('GET', `/app/${String(app['id'])}/attempt/endpoint/${throwing}`));
    return data.length >= 1;
  });
  expected(204, await call('POST', `/app/${String(app['id'])}/endpoint/${endpoint}/secret/rotate`, {}));
  watch(expected(200, await call<{ key: string }>('GET', `/app/${String(app['id'])}/endpoint/${endpoint}/secret`)).key);
  expected(
    204,
    await call('PATCH', `/app/${String(app['id'])}/endpoint/${endpoint}/headers`, {
      headers: { authorization: `Bearer ${plant('secretheader')}` },
    }),
  );
  expected(204, await call('DELETE', `/app/${String(app['id'])}/endpoint/${endpoint}`));
}

/** What people put where it does not belong: none of it may end in an error log. */
async function blunder({ canaries: { plant }, api }: Stage, call: Caller): Promise<void> {
  const json = { 'content-type': 'application/json' };
  const requests: { path: string; headers?: Record<string, string>; body?: string }[] = [
    { path: '/auth/login', headers: json, body: `{"email": "${plant('brokenjson')}` },
    { path: '/auth/login', headers: json, body: JSON.stringify({ email: { [plant('wrongtype')]: 1 }, password: [plant('passwordlist')] }) },
    {
      path: '/auth/register',
      headers: json,
      body: JSON.stringify({ email: plant('noaddress'), password: plant('shortpw'), name: plant('longname').repeat(500) }),
    },
    { path: `/auth/login?password=${plant('query')}`, headers: { 'content-type': plant('contenttype') }, body: plant('body') },
    { path: '/app', headers: { ...json, authorization: `Bearer ${plant('bearer')}`, cookie: `session=${plant('cookie')}` }, body: '{}' },
    { path: '/app', headers: { ...json, authorization: plant('scheme'), 'user-agent': plant('robot') }, body: '{}' },
    { path: '/app', headers: { 'content-type': 'application/xml', accept: plant('accept') }, body: `<a>${plant('xml')}</a>` },
  ];
  for (const { path, headers = {}, body = '' } of requests) {
    const reply = await request(`${api.url}/api/v1${path}`, { method: 'POST', headers, body });
    await reply.body.dump();
    expect(reply.statusCode).toBeGreaterThanOrEqual(400);
    expect(reply.statusCode).toBeLessThan(500);
  }
  expect((await call('POST', '/app', { name: plant('nul') + '\0' })).status).toBe(422);
  expect((await call('GET', `/app?iterator=${plant('iterator')}!`)).status).toBe(422);
}

/** Every row of every table, as a dump would write it. */
async function dump(database: Client): Promise<{ table: string; text: Buffer }[]> {
  const { rows: tables } = await database.query<{ name: string }>(
    `SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
  );
  const dumps = [];
  for (const { name } of tables) {
    const select = `SELECT string_agg(row::text, E'\\n') AS text FROM ${name} AS row`;
    const { rows } = await database.query<{ text: string | null }>(select);
    dumps.push({ table: name, text: Buffer.from(rows[0]?.text ?? '') });
  }
  return dumps;
}

it(
  'nothing that people entrust to Posthorn is readable in PostgreSQL, on its disk, in Redis or in a log',
  async () => {
    const canaries = newCanaries();
    const stage: Stage = { ...(await start()), canaries };
    const { folder, database, redis, toRedis, api, worker } = stage;

    const { user, organization } = await signUp(stage);
    await signInElsewhere(stage);
    await sendWebhooks(stage, organization);
    await blunder(stage, user);

    await database.query('CHECKPOINT');
    const client = new Redis(redis.url);
    await client.config('SET', 'rdbcompression', 'no');
    await client.save();
    client.disconnect();
    const search = async () => [
      ...(await dump(database)).flatMap(({ table, text }) => canaries.findIn(table, text)),
      ...canaries.findBelow(folder),
      ...canaries.findIn('commands to Redis', Buffer.from(toRedis.join('\n'))),
      ...canaries.findIn('log of the API', Buffer.from(api.output)),
      ...canaries.findIn('log of the worker', Buffer.from(worker.output)),
    ];
    expect(await search()).toEqual([]);
    expect(toRedis.length).toBeGreaterThan(100);
    expect(api.output).toContain('/api/v1/auth/login');

    // The search does find: a uid is declared to be stored in the clear.
    expected(201, await organization('POST', '/app', { name: 'control', uid: canaries.plant('uid') }));
    await database.query('CHECKPOINT');
    const found = (await search()).map((hit) => hit.split(':')[0]);
    expect(found).toContain('application');
    expect(found.some((where) => where?.startsWith(folder))).toBe(true);
  },
  3 * MINUTE,
);
