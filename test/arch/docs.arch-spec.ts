import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const ROOT = join(__dirname, '../..');

const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g;
const CODE = /`([^`\n]+)`/g;
const FENCE = /^```.*?^```$/gms;
const SCRIPT = /npm (?:run ([\w:-]+)|(start|test)\b)/g;
const EXTENSION = /\.(?:ts|mjs|cjs|js|json|md|yml|yaml)$/;
/** What a build, a start or the page on the first module makes, or what lies elsewhere. */
const MADE = /^(?:dist|\.posthorn|node_modules|src\/modules\/invoices)\//;

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md', 'docs', 'src'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file.endsWith('.md'));
const scripts = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> }).scripts;

/** A document that names what is not there sends its reader on a search. */
describe.each(files)('%s', (file) => {
  const folder = join(ROOT, dirname(file));
  const text = readFileSync(join(ROOT, file), 'utf8');
  const prose = text.replace(FENCE, '');

  it('links to files and headings that exist', () => {
    const links = [...prose.matchAll(LINK)].map(([, target]) => target!).filter((target) => !/^\w+:/.test(target));

    expect(links.filter((target) => !leadsSomewhere(target))).toEqual([]);
  });

  it('names scripts that exist', () => {
    const named = [...text.matchAll(SCRIPT)].map(([, run, builtIn]) => (run ?? builtIn)!);

    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('names paths that exist', () => {
    const paths = [...prose.matchAll(CODE)].map(([, code]) => code!).filter(looksLikePath);

    expect(paths.filter((path) => !existsSync(join(ROOT, path)) && !existsSync(join(folder, path)))).toEqual([]);
  });

  function leadsSomewhere(target: string): boolean {
    const [path = '', heading] = target.split('#');
    const place = path === '' ? join(ROOT, file) : join(folder, path);
    if (!existsSync(place)) return false;
    return heading === undefined || anchorsOf(place).includes(heading);
  }
});

/** `src/config/env.ts`, `migrations/`; not `GET /users/me`, `application/json` or a path with a place-holder. */
function looksLikePath(code: string): boolean {
  if (!/^[\w.-]+(?:\/[\w.-]*)*$/.test(code) || MADE.test(code)) return false;
  return code.includes('/') ? EXTENSION.test(code) || code.endsWith('/') || existsSync(join(ROOT, code.split('/', 1)[0]!)) : false;
}

/** As GitHub makes them. */
function anchorsOf(place: string): string[] {
  if (!place.endsWith('.md')) throw new Error(`${relative(ROOT, place)} has no headings.`);
  return [
    ...readFileSync(place, 'utf8')
      .replace(FENCE, '')
      .matchAll(/^#+ (.+)$/gm),
  ].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
