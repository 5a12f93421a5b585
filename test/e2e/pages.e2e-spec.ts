import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
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
