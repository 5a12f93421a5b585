import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import { ERRORS } from '../../src/platform/http/error-reference';
import { startTestApp, type TestApp } from '../support/app';

describe('pages', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.stop());

  it('/ leads to the documentation', async () => {
    const reply = await app.http.inject({ url: '/' });
    expect([reply.statusCode, reply.headers['location']]).toEqual([307, '/docs']);
  });

  it('/docs/errors explains each code where the type of a problem leads', async () => {
    const problem = (await app.http.inject({ url: '/api/v1/app' })).json<{ type: string; code: string }>();
    expect(problem.type).toBe(`http://posthorn.test/docs/errors#${problem.code}`);
    const { statusCode, headers, body } = await app.http.inject({ url: new URL(problem.type).pathname });
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'x-content-type-options': 'nosniff' });
    const style = /<style>([\s\S]*)<\/style>/.exec(body)![1]!;
    expect(headers['content-security-policy']).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`);
    for (const [status, code] of ERRORS) expect(body).toContain(`<dt id="${code}"><code>${code}</code> · ${status}</dt>`);
    expect(body).not.toMatch(/(src|href|action|style)=|\son\w+=|<script|`/);
  });

  it.each(['/verify-email', '/reset-password', '/confirm-email-change', '/accept-invitation'])(
    '%s runs its own script and style and nothing else',
    async (url) => {
      const { statusCode, headers, body } = await app.http.inject({ url });
      expect(headers).toMatchObject({ 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' });
      expect(statusCode).toBe(200);
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      for (const element of ['script', 'style']) {
        const content = new RegExp(`<${element}>([\\s\\S]*)</${element}>`).exec(body)?.[1] ?? '';
        expect(policy).toContain(`'sha256-${createHash('sha256').update(content).digest('base64')}'`);
      }
      expect(body).not.toMatch(/(src|href|action|style)=|\son\w+=/);
      expect(() => new Script(/<script>([\s\S]*)<\/script>/.exec(body)![1]!)).not.toThrow();
    },
  );
});
