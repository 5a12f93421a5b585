import { randomInt } from 'node:crypto';
import { Sql } from '../../src/platform/database/sql';
import { type Account, callerOf, signUp } from '../support/accounts';
import { startTestApi, startTestApp, type TestApp } from '../support/app';

const WRONG = 'wrong wrong wrong';
const PROXY = '127.0.0.1';

describe('throttling', () => {
  let app: TestApp;
  let ann: Account;

  beforeAll(async () => {
    // The injected requests come from 127.0.0.1, which plays the proxy.
    app = await startTestApp({ worker: true, env: { TRUSTED_PROXIES: `${PROXY}/32` } });
    ann = await signUp(app);
  });
  afterAll(() => app.stop());

  const somewhere = () => `2001:db8:${randomInt(65_536).toString(16)}:${randomInt(65_536).toString(16)}::1`;
  const login = (email: string, password: string, address = somewhere(), on: Pick<TestApp, 'http'> = app) =>
    callerOf(on)('POST', '/auth/login', { email, password }, { 'x-forwarded-for': address });
  const failures = async (times: number, email: string, address?: string) => {
    for (let i = 0; i < times; i++) await login(email, WRONG, address);
  };
  const later = (seconds: number) =>
    app.http.get(Sql).run('UPDATE sign_in_throttle SET wait_until = wait_until - make_interval(secs => $1)', [seconds]);

  it('slows down guesses at one account, wherever they come from, more each time', async () => {
    await failures(5, ann.email);
    const waits: unknown[] = [];
    for (let i = 0; i < 4; i++) {
      const refused = await login(ann.email, WRONG);
      expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_attempts' } });
      waits.push(Number(refused.headers['retry-after']));
      await later(Number(refused.headers['retry-after']));
      expect((await login(ann.email, WRONG)).status).toBe(401);
    }
    expect(waits).toEqual([1, 2, 4, 8]);
  });

  it('refuses the right password too while it waits, and takes it afterwards', async () => {
    const bob = await signUp(app, 'Bob');
    await failures(6, bob.email);
    expect((await login(bob.email, bob.password)).status).toBe(429);
    await later(2);
    expect((await login(bob.email, bob.password)).status).toBe(200);
    expect((await login(bob.email, WRONG)).status).toBe(401);
  });

  it('says the same of an account that does not exist', async () => {
    await failures(5, 'nobody@example.com');
    expect(await login(' NOBODY@example.com', WRONG)).toMatchObject({ status: 429, body: { code: 'too_many_attempts' } });
  });

  it('does not let strangers lock the owner out of a device that is theirs', async () => {
    const carol = await signUp(app, 'Carol');
    const home = somewhere();
    expect((await login(carol.email, carol.password, home)).status).toBe(200);
    await failures(12, carol.email);
    expect((await login(carol.email, carol.password)).status).toBe(429);
    expect((await login(carol.email, carol.password, home)).status).toBe(200);
  });

  it('tells guesses sent at once next to nothing', async () => {
    const dave = await signUp(app, 'Dave');
    const answers = await Promise.all(Array.from({ length: 200 }, () => login(dave.email, WRONG)));
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].filter((status) => ![401, 429, 503].includes(status))).toEqual([]);
    expect((await login(dave.email, dave.password)).status).toBe(429);
  });

  it('slows down one network that tries many accounts, and remembers it on other processes', async () => {
    const second = await startTestApi(app.environment);
    try {
      const there = (i: number) => `2001:db8:ffff:1::${i.toString(16)}`;
      for (let i = 1; i <= 30; i++) await login(`account-${i}@example.com`, WRONG, there(i), i % 2 ? app : { http: second });
      expect((await login('account-31@example.com', WRONG, there(31), { http: second })).status).toBe(429);
      expect((await login('account-31@example.com', WRONG, '2001:db8:ffff:2::1', { http: second })).status).toBe(401);
    } finally {
      await second.close();
    }
  });

  it.each([
    ['forgot-password', {}],
    ['register', { password: 'a password that nobody has', name: 'Ann' }],
  ])('lets nobody fill a mailbox by /auth/%s, known or not', async (path, body) => {
    for (const email of [`nobody-${path}@example.com`, (await signUp(app, 'Dora')).email]) {
      const statuses: number[] = [];
      for (let i = 0; i < 7; i++) statuses.push((await callerOf(app)('POST', `/auth/${path}`, { email, ...body })).status);
      expect(statuses.at(0)).toBe(202);
      expect(statuses.at(-1)).toBe(429);
    }
  });

  it('guards the codes of mails as well', async () => {
    const verify = () =>
      callerOf(app)('POST', '/auth/verify-email', { email: 'erin@example.com', code: '000000' }, { 'x-forwarded-for': somewhere() });
    for (let i = 0; i < 5; i++) expect((await verify()).status).toBe(422);
    expect(await verify()).toMatchObject({ status: 429, body: { code: 'too_many_attempts' } });
  });

  it('slows down bad refresh tokens, and lets good ones through', async () => {
    const address = somewhere();
    const refresh = (refreshToken: string) => callerOf(app)('POST', '/auth/refresh', { refreshToken }, { 'x-forwarded-for': address });
    for (let i = 0; i < 30; i++) expect((await refresh('garbage')).status).toBe(401);
    expect((await refresh('garbage')).status).toBe(429);
    expect((await refresh(ann.refreshToken)).status).toBe(200);
  });

  it('believes X-Forwarded-For of proxies that are trusted, and of nobody else', async () => {
    const direct = await startTestApi({ ...app.environment, TRUSTED_PROXIES: '' });
    try {
      for (let i = 0; i < 30; i++) await login(`direct-${i}@example.com`, WRONG, somewhere(), { http: direct });
      expect((await login('direct-31@example.com', WRONG, somewhere(), { http: direct })).status).toBe(429);
      expect((await login('direct-32@example.com', WRONG)).status).toBe(401);
      // Of a list, the entry that the proxy added counts: what the client wrote before it, anybody can write.
      for (let i = 0; i < 30; i++) await login(`listed-${i}@example.com`, WRONG, `${somewhere()}, 198.51.100.9`);
      expect((await login('listed-31@example.com', WRONG, `${somewhere()}, 198.51.100.9`)).status).toBe(429);
    } finally {
      await direct.close();
    }
  });
});

describe('the rate limit of the API', () => {
  let app: TestApp;
  let ann: Account;

  beforeAll(async () => {
    app = await startTestApp({ worker: true, env: { API_RATE_LIMIT: '40' } });
    ann = await signUp(app);
  });
  afterAll(() => app.stop());

  it('is a number of requests in a second for each key', async () => {
    const answers = await Promise.all(Array.from({ length: 120 }, () => ann.organization('GET', '/app')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(80);
    expect(refused[0]).toMatchObject({
      headers: { 'retry-after': '1', 'ratelimit-limit': '40', 'ratelimit-remaining': '0', 'ratelimit-reset': '1' },
      body: { code: 'rate_limited' },
    });
    expect((await ann.user('GET', '/app')).status).toBe(200);
  });
});
