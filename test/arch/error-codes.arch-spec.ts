import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS } from '../../src/platform/http/error-reference';

const ROOT = join(__dirname, '../..');
const FILTER = read('src/platform/http/problem.filter.ts');
const STATUSES = read('src/platform/http/error-reference.ts');

/** From `class` to the brace that closes it at the start of a line. */
const DOMAIN_ERROR = /class (\w+) extends DomainError \{.*?^\}/gms;

/** Codes are public API, so each is explained to its reader; one that no longer exists is not. */
it('every error code is explained at /docs/errors with its status, and no other', () => {
  const explained = ERRORS.map(([status, code]) => `${status} ${code}`);

  expect([...explained].sort()).toEqual([...new Set([...ofDomainErrors(), ...ofHttpEdge()])].sort());
});

function ofDomainErrors(): string[] {
  const statusOf = new Map([...STATUSES.matchAll(/^ {2}(\w+): (\d{3}),$/gm)].map(([, kind, status]) => [kind!, status!]));
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

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}
