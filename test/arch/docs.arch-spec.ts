import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { committedDescription, operationsOf } from '../support/description';

const ROOT = join(__dirname, '../..');

const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g;
const CODE = /`([^`\n]+)`/g;
const FENCE = /^```.*?^```$/gms;
const SCRIPT = /npm (?:run ([\w:-]+)|(start|test)\b)/g;
/** `GET /api/v1/app/{app}`, in the text or in a block; `…` leaves out the beginning. */
const ROUTE = /\b(GET|POST|PUT|PATCH|DELETE) (\/[\w/{}:.-]*|…\/[\w/{}-]+)/g;
const ADDRESS = /https?:\/\/[^\s)"'`>]*\/api\/v1(\/[\w/{}$.-]*)/g;
const PROGRAM = /\bdist\/([\w/-]+)\.js\b/g;
const SUBCOMMAND = /npm run (keys|audit|retention) -- ([a-z-]+)/g;
const FILE_OPTION = /(?:^|\s)-f ([\w./-]+\.(?:yml|yaml))/g;
const EXTENSION = /\.(?:ts|mjs|cjs|js|json|md|yml|yaml)$/;
/** What a build, a start or the page on the first module makes, or what lies elsewhere. */
const MADE = /^(?:dist|\.posthorn|node_modules|src\/modules\/invoices)(?:\/|$)/;

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file.endsWith('.md'));
/** Those of the page on the first module are made by it. */
const OF_THE_PAGE = ['GET', 'POST'].flatMap((method) => ['/invoices', '/invoices/{id}/pay'].map((path) => ({ method, path })));
const ROUTES = [
  ...operationsOf(committedDescription()).map(({ method, path }) => ({ method, path: path.replace('/api/v1', '') })),
  ...['/', '/livez', '/readyz', '/metrics', '/log-level', '/docs', '/docs/errors'].map((path) => ({ method: 'GET', path })),
  { method: 'PUT', path: '/log-level' },
  ...OF_THE_PAGE,
  // Named because it does not exist.
  { method: 'POST', path: '/admin/redrive-dlq' },
];
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

  it('names programs, their commands and their files that exist', () => {
    const programs = [...text.matchAll(PROGRAM)].map(([, name]) => `src/${name!}.ts`);
    const given = [...text.matchAll(FILE_OPTION)].map(([, name]) => name!);
    const commands = [...text.matchAll(SUBCOMMAND)].filter(([, script, command]) => {
      const usage = /USAGE = `([^`]*)`/.exec(readFileSync(join(ROOT, `src/${script!}.ts`), 'utf8'))?.[1] ?? '';
      return !new RegExp(`(?:^ {2}|-- )${command!}\\b`, 'm').test(usage);
    });

    expect([...programs, ...given].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    expect(commands.map(([command]) => command)).toEqual([]);
  });

  it('names routes that exist', () => {
    const named = [
      ...[...text.matchAll(ROUTE)].map(([, method, path]) => ({ method: method!, path: path! })),
      ...[...text.matchAll(ADDRESS)].map(([, path]) => ({ method: null, path: path! })),
    ];
    expect(named.filter(({ method, path }) => !isRoute(method, path))).toEqual([]);
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

describe('README.md', () => {
  it('is read in a few minutes', () => {
    expect(readFileSync(join(ROOT, 'README.md'), 'utf8').split('\n').length).toBeLessThanOrEqual(200);
  });
});

describe('docs/system-design.md', () => {
  it('names every table, and no other', () => {
    const folder = join(ROOT, 'migrations');
    const migrations = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
    const made = migrations.flatMap((text) => [...text.matchAll(/CREATE TABLE (\w+) \(/g)].map(([, table]) => table!));
    const data = /\n## Data\n[^]*?(?=\n## )/.exec(readFileSync(join(ROOT, 'docs/system-design.md'), 'utf8'))![0];
    const cells = [...data.matchAll(/^\| (`[^|]*)/gm)].map(([, cell]) => cell!);
    const named = cells.flatMap((cell) => [...cell.matchAll(CODE)].map(([, table]) => table!));

    expect(named.sort()).toEqual([...new Set(made)].sort());
  });
});

/** Parts in braces, after a colon or a dollar stand for anything; where no method is said, any will do. */
function isRoute(method: string | null, written: string): boolean {
  const path = written.replace(/^\/api\/v1(?=\/)/, '').replace(/[./]+$/, '');
  const parts = path.replace(/^…/, '').split('/').filter(Boolean);
  return ROUTES.some((route) => {
    const there = route.path.split('/').filter(Boolean);
    const rest = path.startsWith('…') ? there.slice(-parts.length) : there;
    const fits = (part: string, at: number) => part === parts[at] || /^[{:]/.test(part) || /^[{:$]/.test(parts[at] ?? '');
    return (method === null || route.method === method) && rest.length === parts.length && rest.every(fits);
  });
}

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
