import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const manifest = (path: string) =>
  JSON.parse(readFileSync(join(ROOT, path, 'package.json'), 'utf8')) as Record<'version' | 'license', string> & {
    dependencies?: Record<string, string>;
    devDependencies?: Record<string, string>;
  };

describe('client/', () => {
  it('says what openapi.json says: after a change of the API, `npm run client` writes it again', () => {
    expect(() => execFileSync(process.execPath, [join(ROOT, 'scripts/client.mjs'), '--check'])).not.toThrow();
  });

  it('is published with the server, and depends on what is tested here', () => {
    const [server, client] = [manifest('.'), manifest('client')];
    expect(client).toMatchObject({ version: server.version, license: server.license });
    expect(server.devDependencies).toMatchObject(client.dependencies ?? {});
    expect(readFileSync(join(ROOT, 'client/LICENSE'), 'utf8')).toBe(readFileSync(join(ROOT, 'LICENSE'), 'utf8'));
  });
});
