import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS } from '../../src/platform/http/error-reference';

const ROOT = join(__dirname, '../..');
const FILTER = read('src/platform/http/problem.filter.ts');

/** From `class` to the brace that closes it at the start of a line. */
const DOMAIN_ERROR = /class (\w+) extends DomainError \{.*?^\}/gms;
/** A row of the table: status, code, what to do. */
const ROW = /^\| (\d{3}) +\| `(\w+)` +\| (.+?) +\|$/gm;

/** Codes are public API, so each is explained to its reader; one that no longer exists is not. */
describe('the error codes in README.md', () => {
  const documented = [...section(read('README.md'), 'Errors').matchAll(ROW)].map(([, status, code]) => `${status!} ${code!}`);

  it('are those of the domain errors and of the HTTP edge, each with its status', () => {
    expect([...documented].sort()).toEqual([...new Set([...ofDomainErrors(), ...ofHttpEdge()])].sort());
  });

  it('are explained in the same words at /docs/errors', () => {
    const table = section(read('README.md'), 'Errors').matchAll(ROW);
    expect(ERRORS).toEqual([...table].map(([, status, code, advice]) => [Number(status), code, advice]));
  });
});

function ofDomainErrors(): string[] {
  const statusOf = new Map([...FILTER.matchAll(/^ {2}(\w+): (\d{3}),$/gm)].map(([, kind, status]) => [kind!, status!]));
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => /(?<!\.spec)\.ts$/.test(file));
  return sources.flatMap((file) =>
    [...read(join('src', file)).matchAll(DOMAIN_ERROR)].map(([text, name]) => {
      const [kind, code] = ['kind', 'code'].map((field) => new RegExp(`readonly ${field} = '(\\w+)'`).exec(text)?.[1]);
      const status = statusOf.get(kind ?? '');
      if (code === undefined || status === undefined) throw new Error(`${name!} in src/${file} does not say its kind and code literally.`);
      return `${status} ${code}`;
    }),
  );
}

/** Refusals that the server makes itself, and those that the filter makes of foreign errors. */
function ofHttpEdge(): string[] {
  const refusals = FILTER.matchAll(/^ {2}(\d{3}): '([a-z_]+)',$/gm);
  const problems = FILTER.matchAll(/status: (\d{3}),\s+code: '([a-z_]+)'/g);
  return [...refusals, ...problems].map(([, status, code]) => `${status!} ${code!}`);
}

/** From the heading to the next one of its level. */
function section(markdown: string, heading: string): string {
  return new RegExp(`^## ${heading}$(.*?)(?=^## |(?![^]))`, 'ms').exec(markdown)?.[1] ?? '';
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}
