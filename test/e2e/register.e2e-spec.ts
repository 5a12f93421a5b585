import { randomBytes } from 'node:crypto';
import type { ParsedMail } from 'mailparser';
import { Sql } from '../../src/platform/database/sql';
import { callerOf, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { tokenIn } from '../support/smtp';

type Me = {
  id: string;
  name: string;
  email: string;
  emailVerified: boolean;
  createdAt: string;
  organizations: { id: string; name: string; role: string }[];
};
type Problem = { code: string; detail: unknown };

const PASSWORD = 'correct horse battery staple';
const newAddress = () => `ann.${randomBytes(6).toString('hex')}@example.com`;

describe('registration', () => {
  let app: TestApp;
  let anybody: ReturnType<typeof callerOf>;

  beforeAll(async () => {
    app = await startTestApp({ worker: true });
    anybody = callerOf(app);
  });
  afterAll(() => app.stop());

  const register = async (email: string, changes: object = {}) => {
    expect(expected(202, await anybody('POST', '/auth/register', { email, password: PASSWORD, name: 'Ann Lee', ...changes }))).toEqual({});
  };
  const lines = ({ text = '' }: ParsedMail) => text.split(/\r?\n/);
  const codeIn = (mail: ParsedMail) => lines(mail).find((line) => /^\d{6}$/.test(line))!;
  const verify = (proof: object) => anybody<{ accessToken: string } & Problem>('POST', '/auth/verify-email', proof);
  const rows = <Row extends object>(text: string, values: unknown[] = []) => app.http.get(Sql).run<Row>(text, values);

  it('leads from a form to a person with an organization', async () => {
    const email = newAddress();
    await register(email);

    const mail = await app.mail.mailTo(email);
    expect(mail.subject).toBe('Confirm your e-mail address');
    expect(lines(mail)).toContain(`http://posthorn.test/verify-email#token=${tokenIn(mail)}`);
    expect(mail.html).toContain(`http://posthorn.test/verify-email#token=${tokenIn(mail)}`);

    const session = expected(200, await verify({ token: tokenIn(mail) }));
    expect(session).toEqual({ accessToken: expect.any(String), refreshToken: expect.any(String), tokenType: 'Bearer', expiresIn: 600 });

    const me = await eventually(async () => {
      const found = expected(200, await callerOf(app, session.accessToken)<Me>('GET', '/users/me'));
      return found.organizations.length > 0 && found;
    });
    expect(me).toEqual({
      id: expect.stringMatching(/^user_/),
      name: 'Ann Lee',
      email,
      emailVerified: true,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      organizations: [{ id: expect.stringMatching(/^org_/), name: "Ann Lee's organization", role: 'owner' }],
    });

    const entries = await rows<{ action: string }>('SELECT action FROM audit_entry WHERE object = ANY ($1) ORDER BY action', [
      [me.id, me.organizations[0]!.id],
    ]);
    expect(entries.map(({ action }) => action)).toEqual([
      'auth.signed_in',
      'organization.created',
      'user.email_verified',
      'user.registered',
    ]);
  });

  it('can be confirmed by the code, with the address in any spelling', async () => {
    const email = newAddress();
    await register(`  ${email.toUpperCase()}`);
    const code = codeIn(await app.mail.mailTo(email));
    expected(200, await verify({ email: email.toUpperCase(), code }));
  });

  it('refuses used links, wrong codes, and the right code after five wrong ones', async () => {
    const email = newAddress();
    await register(email);
    const mail = await app.mail.mailTo(email);
    const wrong = codeIn(mail) === '000000' ? '000001' : '000000';
    for (let i = 0; i < 5; i++)
      expect(await verify({ email, code: wrong })).toMatchObject({ status: 422, body: { code: 'verification_failed' } });
    // At once it is too soon; later it is worth nothing any more.
    expect([422, 429]).toContain((await verify({ email, code: codeIn(mail) })).status);
    expected(200, await verify({ token: tokenIn(mail) }));
    expect(await verify({ token: tokenIn(mail) })).toMatchObject({ status: 422, body: { code: 'verification_failed' } });
  });

  it('answers the same for the address of an account, changes nothing, and tells its owner', async () => {
    const { email, password } = await signUp(app);
    await register(email, { password: 'chosen by somebody else', name: 'Mallory' });
    const mail = await app.mail.mailTo(email, { count: 2 });
    expect(mail.subject).toBe('Somebody tried to register with your address');
    expect(mail.text).not.toMatch(/token|\d{6}|Mallory/);
    expected(200, await anybody('POST', '/auth/login', { email, password }));
    expected(401, await anybody('POST', '/auth/login', { email, password: 'chosen by somebody else' }));
  });

  it('takes the last registration of an address that nobody has confirmed, and its mail only', async () => {
    const email = newAddress();
    await register(email, { password: 'chosen by somebody else', name: 'Mallory' });
    const theirs = await app.mail.mailTo(email);
    await register(email);
    const mine = await app.mail.mailTo(email, { count: 2 });
    expect(mine.subject).toBe('Somebody tried to register with your address again');
    expected(422, await verify({ token: tokenIn(theirs) }));
    expected(200, await verify({ token: tokenIn(mine) }));
    expected(401, await anybody('POST', '/auth/login', { email, password: 'chosen by somebody else' }));
    expected(200, await anybody('POST', '/auth/login', { email, password: PASSWORD }));
  });

  it('makes one account of many forms sent at once', async () => {
    const email = newAddress();
    await Promise.all(Array.from({ length: 5 }, () => register(email)));
    await app.mail.mailTo(email);
    const [count] = await rows<{ users: string }>(
      `SELECT count(*) AS users FROM user_account WHERE created_at > now() - interval '1 minute' AND id IN (
         SELECT payload->>'userId' FROM outbox_event WHERE type = 'user.registration_repeated')`,
    );
    expect(Number(count!.users)).toBeGreaterThan(0);
    expected(401, await anybody('POST', '/auth/login', { email, password: 'not this password' }));
  });

  it('leaves nothing to read in the database', async () => {
    const email = `persephone.${randomBytes(6).toString('hex')}@example.com`;
    await register(email, { name: 'Persephone Marker' });
    const mail = await app.mail.mailTo(email);
    expected(200, await verify({ token: tokenIn(mail) }));

    const tables = await rows<{ name: string }>(
      `SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
    );
    const dump = (await Promise.all(tables.map(({ name }) => rows<{ row: string }>(`SELECT t::text AS row FROM ${name} t`))))
      .flat()
      .map(({ row }) => row);
    expect(dump.length).toBeGreaterThan(10);
    for (const secret of [email, 'Persephone', PASSWORD, tokenIn(mail)]) {
      const spellings = [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret).toString('base64').slice(0, -4)];
      expect(dump.filter((row) => spellings.some((spelling) => row.toLowerCase().includes(spelling.toLowerCase())))).toEqual([]);
    }
  });

  describe('refuses', () => {
    const good = { email: 'ann@example.com', password: PASSWORD, name: 'Ann' };

    it.each<[string, object, (string | number)[]]>([
      ['an address without @', { ...good, email: 'ann' }, ['body', 'email']],
      ['a host without a dot', { ...good, email: 'ann@localhost' }, ['body', 'email']],
      ['a second header', { ...good, email: 'ann@example.com\r\nBcc: all@example.com' }, ['body', 'email']],
      ['a zero byte in the address', { ...good, email: 'an\u0000n@example.com' }, ['body', 'email']],
      ['a long address', { ...good, email: `${'a'.repeat(320)}@example.com` }, ['body', 'email']],
      ['no address', { password: PASSWORD, name: 'Ann' }, ['body', 'email']],
      ['a short password', { ...good, password: 'eleven char' }, ['body', 'password']],
      ['a password of 1,025 characters', { ...good, password: 'x'.repeat(1_025) }, ['body', 'password']],
      ['a password that is a number', { ...good, password: 123_456_789_012 }, ['body', 'password']],
      ['a common password', { ...good, password: '1Q2W3E4R5T6Y' }, ['body', 'password']],
      ['a common password, repeated', { ...good, password: 'passwordpassword' }, ['body', 'password']],
      [
        'the address as the password',
        { ...good, email: 'ann-of-green@gables.example', password: 'Ann-of-Green@gables.example' },
        ['body', 'password'],
      ],
      [
        'a part of the address as the password',
        { ...good, email: 'ann-of-green@gables.example', password: 'Ann-of-Green' },
        ['body', 'password'],
      ],
      ['an empty name', { ...good, name: '   ' }, ['body', 'name']],
      ['a name with a line end', { ...good, name: 'Ann\nLee' }, ['body', 'name']],
      ['half a character in the name', { ...good, name: 'Ann \ud83d' }, ['body', 'name']],
    ])('%s: 422', async (_what, body, loc) => {
      const reply = await anybody<Problem>('POST', '/auth/register', body);
      expect(reply).toMatchObject({ status: 422, body: { code: 'validation_error' } });
      expect(reply.body.detail).toEqual([{ loc, msg: expect.any(String), type: 'value_error' }]);
    });

    it.each(['register', 'login', 'verify-email'])('unknown fields and bodies that are no objects, on %s: 422', async (route) => {
      for (const body of [{ ...good, admin: true }, [], { ...good, ['__proto__x']: 1 }]) {
        expect(await anybody('POST', `/auth/${route}`, body)).toMatchObject({ status: 422, body: { code: 'validation_error' } });
      }
    });

    it.each([
      {},
      { token: '' },
      { token: 7 },
      { code: '123456' },
      { email: 'ann@example.com' },
      { email: 'ann@example.com', code: '12345' },
      { token: 'x', email: 'ann@example.com' },
    ])('the proof %j: 422', async (proof) =>
      expect(await verify(proof)).toMatchObject({ status: 422, body: { code: 'validation_error' } }),
    );

    it.each(['{', '', 'null x', '{"email":}', '\u0000'])('the body %j: 400', async (payload) => {
      const reply = await app.http.inject({
        method: 'POST',
        url: '/api/v1/auth/register',
        headers: { 'content-type': 'application/json' },
        payload,
      });
      expect(reply.statusCode).toBe(400);
      expect(reply.json()).toMatchObject({ code: 'invalid_json' });
    });
  });
});
