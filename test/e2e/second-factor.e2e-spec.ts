import { TOTP, Secret } from 'otpauth';
import { Sql } from '../../src/platform/database/sql';
import { type Account, callerOf, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';

type Problem = { code: string; detail: unknown };
type Started = { secret: string; uri: string };
type Recovery = { recoveryCodes: string[] };

describe('the second factor', () => {
  let app: TestApp;
  let ann: Account;
  let totp: TOTP;

  beforeAll(async () => {
    app = await startTestApp({ worker: true });
  });
  beforeEach(async () => {
    ann = await signUp(app);
  });
  afterAll(() => app.stop());

  const PATH = '/users/me/second-factor';
  const start = (password = ann.password) => ann.user<Started & Problem>('POST', PATH, { password });
  const confirm = (code: string) => ann.user<Recovery & Problem>('POST', `${PATH}/confirm`, { code });
  const login = (code?: string, password = ann.password) =>
    callerOf(app)<Problem>('POST', '/auth/login', { email: ann.email, password, ...(code === undefined ? {} : { code }) });
  /** Codes of the step before, of this one and of the next are taken, each once and in that order. */
  const codeOf = (step: -1 | 0 | 1) => totp.generate({ timestamp: Date.now() + step * 30_000 });
  const wrongCode = () => ['000000', '000001', '000002', '000003'].find((code) => ![codeOf(-1), codeOf(0), codeOf(1)].includes(code))!;

  async function enabled(): Promise<string[]> {
    const { secret, uri } = expected(201, await start());
    expect(uri).toMatch(/^otpauth:\/\/totp\/Posthorn:/);
    totp = new TOTP({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: 30 });
    return expected(200, await confirm(codeOf(-1))).recoveryCodes;
  }

  it('is asked for from its first code on, and told to nobody without the password', async () => {
    expected(200, await login());
    await enabled();
    expect(await login()).toMatchObject({ status: 401, body: { code: 'second_factor_required' } });
    for (const reply of [
      await login(undefined, 'wrong wrong wrong'),
      await login(codeOf(0), 'wrong wrong wrong'),
      await login(wrongCode()),
    ])
      expect(reply).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
    expected(200, await login(codeOf(0)));
    expect((await app.mail.mailTo(ann.email, { count: 2 })).subject).toBe('Two steps to sign in');
  });

  it('is not asked for while it is not confirmed', async () => {
    expected(201, await start());
    expect(await confirm('abcdef')).toMatchObject({ status: 422, body: { code: 'wrong_code' } });
    expected(200, await login());
  });

  it('takes a code once, also when it is sent twice at once', async () => {
    await enabled();
    const replies = await Promise.all([login(codeOf(0)), login(codeOf(0))]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect(await login(codeOf(0))).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
  });

  it('takes ten recovery codes, each once', async () => {
    const codes = await enabled();
    expect(codes).toHaveLength(10);
    expected(200, await login(codes[0]));
    expected(401, await login(codes[0]));
    expected(200, await login(codes[9]!.toUpperCase().replaceAll('-', '')));
  });

  it('gives new recovery codes for password and code', async () => {
    const [first, second] = await enabled();
    const renew = (password: string, code: string) => ann.user<Recovery & Problem>('POST', `${PATH}/recovery-codes`, { password, code });
    expect(await renew('wrong wrong wrong', first!)).toMatchObject({ status: 422, body: { code: 'wrong_password' } });
    const { recoveryCodes } = expected(200, await renew(ann.password, first!));
    expected(401, await login(second));
    expected(200, await login(recoveryCodes[0]));
  });

  it('is removed by password and code', async () => {
    await enabled();
    const remove = (password: string, code: string) => ann.user<Problem>('DELETE', PATH, { password, code });
    expect(await remove('wrong wrong wrong', codeOf(0))).toMatchObject({ status: 422, body: { code: 'wrong_password' } });
    expect(await remove(ann.password, wrongCode())).toMatchObject({ status: 422, body: { code: 'wrong_code' } });
    expect(await start()).toMatchObject({ status: 409, body: { code: 'second_factor_exists' } });
    expected(204, await remove(ann.password, codeOf(0)));
    expected(200, await login());
    expect(await remove(ann.password, codeOf(1))).toMatchObject({ status: 404, body: { code: 'second_factor_missing' } });
  });

  it('leaves neither secret nor recovery codes to read in the database', async () => {
    const codes = await enabled();
    const rows = await app.http
      .get(Sql)
      .run<{ row: string }>('SELECT f::text AS row FROM second_factor f WHERE user_id = $1', [ann.userId]);
    expect(rows).toHaveLength(1);
    const secret = totp.secret;
    for (const text of [secret.base32, secret.hex.toLowerCase(), Buffer.from(secret.base32).toString('hex'), ...codes])
      expect(rows[0]!.row).not.toContain(text);
  });

  it.each([
    {},
    { password: '' },
    { password: 7 },
    { password: 'x', code: '' },
    { password: 'x', code: 123_456 },
    { password: 'x', code: 'x'.repeat(101) },
  ])('is not changed by %j', async (body) => {
    for (const [method, path] of [
      ['POST', `${PATH}/confirm`],
      ['POST', `${PATH}/recovery-codes`],
      ['DELETE', PATH],
    ] as const)
      expect(await ann.user(method, path, body)).toMatchObject({ status: 422, body: { code: 'validation_error' } });
  });

  it.each(['\u0000', '１２３４５６', '🔑', "' OR 1=1 --", '12 34 56 78'])('does not take %j for a code', async (code) => {
    await enabled();
    expect(await login(code)).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
  });
});
