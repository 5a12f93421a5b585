import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { freePort } from '../../src/local/free-port';
import { applyDiff, type Block, blocksOf } from '../support/document';
import { DataFolder, StartedPosthorn } from '../start/started-posthorn';

const PROJECT = resolve(__dirname, '../..');
const BLOCKS = blocksOf('docs/first-module.md').filter(({ language, info }) => language === 'diff' || info === 'test');
const MINUTE = 60_000;

/** The project as somebody cloned it, with the packages that are installed here. */
function scratchCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), 'posthorn-first-module-'));
  const git = (...args: string[]) => execFileSync('git', args, { cwd: copy });
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: PROJECT, encoding: 'utf8' });
  for (const file of list.split('\0').filter(Boolean)) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(PROJECT, file), join(copy, file));
  }
  const packages = join(copy, 'node_modules');
  mkdirSync(join(packages, '.cache'), { recursive: true });
  mkdirSync(join(packages, '@posthorn'));
  symlinkSync(join(copy, 'schematics'), join(packages, '@posthorn/schematics'));
  symlinkSync(join(PROJECT, 'node_modules/.cache/posthorn'), join(packages, '.cache/posthorn'));
  for (const name of readdirSync(join(PROJECT, 'node_modules')))
    if (!['.cache', '@posthorn'].includes(name)) symlinkSync(join(PROJECT, 'node_modules', name), join(packages, name));
  git('init', '--quiet');
  git('add', '.');
  git('-c', 'user.name=test', '-c', 'user.email=test@example.com', 'commit', '--quiet', '--message', 'As it was');
  return copy;
}

// One story: each block goes on where the one before it ended.
describe('docs/first-module.md', () => {
  let copy: string;

  beforeAll(() => {
    copy = scratchCopy();
  });
  afterAll(() => {
    rmSync(copy, { recursive: true, force: true });
  });

  function run({ text }: Block): string {
    const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', text], { cwd: copy, encoding: 'utf8', env: environment() });
    if (status !== 0) throw new Error(`${text}ended with ${status}:\n${essenceOf(stdout + stderr)}`);
    return stdout;
  }

  it.each(BLOCKS.map((block) => [block.language === 'diff' ? `changes ${block.info}` : block.text.trim(), block] as const))(
    '%s',
    (_, block) => {
      const output = block.language === 'diff' ? applyDiff(copy, block) : run(block);
      if (block.text.includes('git diff --stat'))
        expect(output).toMatch(/^ src\/modules\/index\.ts \| 1 \+\n 1 file changed, 1 insertion\(\+\)\n$/);
    },
    10 * MINUTE,
  );

  it(
    'has a route that answers',
    async () => {
      const [data, port] = [new DataFolder(), await freePort()];
      const posthorn = new StartedPosthorn(data, port, {}, copy);
      try {
        await posthorn.running();
        const { baseUrl, apiKey } = data.quickstart();
        const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
        const made = await fetch(`${baseUrl}/api/v1/invoices`, { method: 'POST', headers, body: '{"name":"First"}' });
        const invoice = (await made.json()) as { id: string };
        expect([made.status, invoice]).toMatchObject([201, { name: 'First', paidAt: null }]);
        const paid = await fetch(`${baseUrl}/api/v1/invoices/${invoice.id}/pay`, {
          method: 'POST',
          headers: { authorization: headers.authorization },
        });
        expect([paid.status, await paid.json()]).toMatchObject([200, { id: invoice.id, paidAt: expect.any(String) as unknown }]);
        const page = await fetch(`${baseUrl}/docs/errors`);
        expect(await page.text()).toContain('too_many_invoices');
      } finally {
        posthorn.signal('SIGTERM');
        await posthorn.ended();
        data.remove();
      }
    },
    5 * MINUTE,
  );
});

/** The end of a long output, and before it what was expected of whom. */
function essenceOf(output: string): string {
  const lines = output.split('\n');
  const end = lines.length - 60;
  return lines.filter((line, at) => at >= end || /● |Expected|Received|✕/.test(line)).join('\n');
}

/** Without what this test run, itself one of Jest, says of itself. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(JEST|NODE_ENV|NODE_OPTIONS|TEST_|npm_)/.test(name)));
}
