import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { blocksOf } from '../support/document';

type Cruise = { readonly violations: readonly { rule: string; from: string; to: string }[]; readonly importers: readonly string[] };
type Report = { readonly rules: readonly string[]; readonly results: Readonly<Record<string, Cruise>> };

const ROOT = join(__dirname, '../..');
const FIXTURES = readdirSync(join(__dirname, 'fixtures')).sort();
const folderOf = (fixture: string): string => join(__dirname, 'fixtures', fixture);

/** A rule that nobody has seen fail is not a rule: each has a small tree in which every import breaks it, and it alone. */
describe('dependency rules', () => {
  let report: Report;

  beforeAll(() => {
    const folders = [ROOT, ...FIXTURES.map(folderOf)];
    report = JSON.parse(execFileSync(process.execPath, [join(__dirname, 'cruise.mjs'), ...folders], { encoding: 'utf8' })) as Report;
  });

  it.each(FIXTURES)('%s rejects its fixture', (fixture) => {
    const { violations, importers } = report.results[folderOf(fixture)]!;

    expect(new Set(violations.map(({ rule }) => rule))).toEqual(new Set([fixture]));
    expect(violations.flatMap(({ from, to }) => [from, to])).toEqual(expect.arrayContaining([...importers]));
  });

  it('every rule has a fixture', () => {
    expect([...report.rules].sort()).toEqual(FIXTURES);
  });

  it('Posthorn breaks none', () => {
    expect(report.results[ROOT]!.violations.map(({ rule, from, to }) => `${rule}: ${from} -> ${to}`)).toEqual([]);
  });
});

type Rule = { readonly name: string; readonly from: { readonly path: string }; readonly to: { readonly pathNot?: string } };

/** `a -> b` for all that the rules of this name let a import of its neighbours. */
function allowedBy(rule: string): string[] {
  const { forbidden } = jest.requireActual<{ forbidden: Rule[] }>('../../.dependency-cruiser.cjs');
  return forbidden.flatMap(({ name, from, to }) => {
    const of = /\/([\w-]+)\/$/.exec(from.path)?.[1];
    if (name !== rule || of === undefined) return [];
    const all = /\(([\w|-]+)\)\/$/.exec(to.pathNot ?? '')?.[1]?.split('|') ?? [];
    return all.filter((other) => other !== of).map((other) => `${of} -> ${other}`);
  });
}

/** The arrows of `a --> b & c`. */
const arrowsIn = (picture: string): string[] =>
  [...picture.matchAll(/^ +([\w-]+) --> ([\w-]+(?: & [\w-]+)*)$/gm)].flatMap(([, from, to]) =>
    to!.split(' & ').map((other) => `${from!} -> ${other}`),
  );

describe('docs/system-design.md', () => {
  it('shows the modules and features that may import each other', () => {
    const picture = blocksOf('docs/system-design.md').find(({ text }) => text.includes('[src/modules]'))!.text;
    expect(arrowsIn(picture).sort()).toEqual([...allowedBy('module-edges'), ...allowedBy('feature-edges')].sort());
  });
});
