import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { createTransport } from 'nodemailer';
import { acceptJsonBodies } from '../../platform/http/json-body.parser';
import { freePort } from '../free-port';
import { DevToolsModule } from './dev-tools.module';

const BROWSER = { accept: 'text/html' };

let app: NestFastifyApplication;
let smtpPort: number;

beforeAll(async () => {
  smtpPort = await freePort();
  const module = await Test.createTestingModule({ imports: [DevToolsModule.forRoot(smtpPort)] }).compile();
  const adapter = new FastifyAdapter();
  app = module.createNestApplication<NestFastifyApplication>(adapter, { bodyParser: false });
  acceptJsonBodies(adapter.getInstance());
  await app.init();
});

afterAll(() => app.close());

describe('the mailbox', () => {
  beforeAll(async () => {
    const mailer = createTransport(`smtp://127.0.0.1:${smtpPort}`);
    const addresses = { from: 'Posthorn <posthorn@localhost>', to: 'ada@posthorn.example' };
    await mailer.sendMail({ ...addresses, subject: 'First', text: 'one' });
    await mailer.sendMail({
      ...addresses,
      subject: '<b>Second</b>',
      text: 'Open http://127.0.0.1:3000/verify-email#token=abc&x',
      html: '<p>two</p>',
    });
  });

  it('lists mails, the newest first', async () => {
    const mails = (await app.inject({ url: '/dev/mailbox', headers: { accept: 'application/json' } })).json<object[]>();
    expect(mails).toEqual([
      expect.objectContaining({ to: 'ada@posthorn.example', subject: '<b>Second</b>', html: '<p>two</p>' }),
      expect.objectContaining({ from: '"Posthorn" <posthorn@localhost>', subject: 'First', text: 'one\n', html: '' }),
    ]);
  });

  it('shows them to a browser, escaped and with links that work', async () => {
    const page = await app.inject({ url: '/dev/mailbox', headers: BROWSER });
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.body).toContain('&#60;b&#62;Second');
    expect(page.body).toContain('href="http://127.0.0.1:3000/verify-email#token=abc&#38;x"');
  });
});

describe('the receiver', () => {
  it('accepts a request at any path below it and keeps its bytes', async () => {
    const body = '{"a":1.0,  "b":"é"}';
    const headers = { 'content-type': 'application/json', 'webhook-id': 'msg_1' };
    const answer = await app.inject({ method: 'POST', url: '/dev/receiver/some/path?x=1', headers, body });
    expect(answer.statusCode).toBe(200);

    const { data } = (await app.inject('/dev/receiver')).json<{ data: object[] }>();
    expect(data[0]).toMatchObject({ method: 'POST', path: '/dev/receiver/some/path?x=1', body, headers: { 'webhook-id': 'msg_1' } });
  });

  it('accepts a request without a body at its root', async () => {
    expect((await app.inject({ method: 'POST', url: '/dev/receiver' })).statusCode).toBe(200);
    const challenged = await app.inject({ method: 'POST', url: '/dev/receiver', headers: { 'webhook-challenge': 'c1' } });
    expect(challenged.headers['webhook-challenge-response']).toBe('c1');
    expect((await app.inject({ url: '/dev/receiver', headers: BROWSER })).body).toContain('POST /dev/receiver');
  });
});
