import type { QueryRunner } from 'typeorm';
import { MIGRATIONS } from '#migrations';

/**
 * The release before this one runs on this schema while processes are replaced, and again when an upgrade is taken back. So migrations
 * only add: what the older code reads stays, and what it writes is still enough. What goes, goes a release after its last reader.
 */
const FORBIDDEN: readonly (readonly [why: string, RegExp])[] = [
  ['takes away what older code reads', /\bDROP (TABLE|COLUMN|VIEW|TYPE|FUNCTION|SEQUENCE|SCHEMA)\b/],
  ['renames what older code knows', /\bRENAME\b/],
  ['changes a type: rewrites the table under a lock, and older code expects the former one', /\bALTER COLUMN \w+ (SET DATA )?TYPE\b/],
  ['demands what older code may not write', /\bALTER COLUMN \w+ (SET NOT NULL|DROP DEFAULT)\b/],
  [
    'demands a value that older code does not write',
    /\bADD COLUMN (?!(?:(?!\bADD COLUMN\b).)*\bDEFAULT\b)(?:(?!\bADD COLUMN\b).)*\bNOT NULL\b/,
  ],
  [
    'checks all rows under a lock: NOT VALID, and VALIDATE CONSTRAINT in a migration after it',
    /^ALTER TABLE (?:(?!NOT VALID).)*\bADD CONSTRAINT (?:(?!NOT VALID).)*$/,
  ],
  ['takes rights that older code needs', /^REVOKE\b/],
  ['waits for every row that traffic holds', /^(LOCK TABLE|TRUNCATE|VACUUM FULL|CLUSTER)\b/],
];

/** Tables with as many rows as there is history: an index on them takes long, and nobody can write meanwhile. */
const LARGE = /^CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY)\w+ ON (message|attempt|settled_delivery|audit_entry|outbox_event) /;

const NOTHING_RELEASED = 'There was no release before it: no older code to spare, and no history to wait for.';

/** By name of the migration: why it may, all the same. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  Access1764000000005: NOTHING_RELEASED,
  OrganizationsAndAudit1764000000008: NOTHING_RELEASED,
  Tasks1764000000009: NOTHING_RELEASED,
  SignInThrottle1764000000010: NOTHING_RELEASED,
  MessageOptions1764000000011: NOTHING_RELEASED,
  Recovery1764000000012: NOTHING_RELEASED,
};

/** What a migration asks for, one statement after another, without comments and in one line each. */
async function statementsOf(migration: (typeof MIGRATIONS)[number]): Promise<string[]> {
  const texts: string[] = [];
  const runner = { query: (text: string) => Promise.resolve(void texts.push(text)) } as unknown as QueryRunner;
  await new migration().up(runner);
  return texts.flatMap(statementsIn);
}

function statementsIn(text: string): string[] {
  // A comment, a body of a function, a text, or the end of a statement; whichever comes first.
  const spare = text.replaceAll(/--[^\n]*|(\$\w*\$)[^]*?\1|'(?:[^']|'')*'/g, (part) =>
    part.startsWith('--') ? ' ' : part.startsWith('$') ? '$$' : "''",
  );
  return spare
    .split(';')
    .map((statement) => statement.replaceAll(/\s+/g, ' ').trim())
    .filter((statement) => statement !== '');
}

/** What this migration has made itself has no older readers and no rows. */
function faultsOf(statements: readonly string[]): string[] {
  const made = new Set<string>();
  return statements.flatMap((statement) => {
    made.add(/^CREATE TABLE (?:IF NOT EXISTS )?(\w+)/.exec(statement)?.[1] ?? '');
    if (made.has(/\b(?:TABLE|ON) (?:ONLY )?(\w+)/.exec(statement)?.[1] ?? '-')) return [];
    const reasons = FORBIDDEN.filter(([, pattern]) => pattern.test(statement)).map(([why]) => why);
    if (LARGE.test(statement)) reasons.push('nobody can write to a large table while it runs');
    return reasons.map((why) => `${why}: ${statement}`);
  });
}

describe('migrations', () => {
  it.each(MIGRATIONS.map((migration) => [migration.name, migration] as const))(
    '%s only adds, unless there is a reason',
    async (name, migration) => {
      const faults = faultsOf(await statementsOf(migration));
      expect({ faults: name in EXCEPTIONS ? [] : faults, exception: faults.length > 0 && EXCEPTIONS[name] }).toEqual({
        faults: [],
        exception: EXCEPTIONS[name] ?? false,
      });
    },
  );

  it.each([
    ['ALTER TABLE endpoint DROP COLUMN url', 'takes away'],
    ['DROP TABLE endpoint', 'takes away'],
    ['ALTER TABLE endpoint RENAME COLUMN url TO address', 'renames'],
    ['ALTER TABLE endpoint ALTER COLUMN rate TYPE bigint', 'changes a type'],
    ['ALTER TABLE endpoint ALTER COLUMN rate SET NOT NULL', 'demands'],
    ['ALTER TABLE endpoint ADD COLUMN a text, ADD COLUMN b text NOT NULL, ADD COLUMN c text NOT NULL DEFAULT $$c$$', 'demands a value'],
    ['ALTER TABLE endpoint ADD CONSTRAINT c CHECK (rate > 0)', 'checks all rows'],
    ['CREATE INDEX attempt_by_colour ON attempt (colour)', 'nobody can write'],
    ['REVOKE ALL ON endpoint FROM posthorn_tenant', 'takes rights'],
    ['-- harmless\nTRUNCATE endpoint', 'waits'],
  ])('would refuse %s', (statement, why) => {
    expect(faultsOf(statementsIn(statement)).join()).toContain(why);
  });

  it.each([
    'CREATE TABLE colour (id text PRIMARY KEY, name text NOT NULL); CREATE INDEX colour_name ON colour (name); REVOKE ALL ON colour FROM posthorn_tenant',
    "ALTER TABLE endpoint ADD COLUMN a text, ADD COLUMN b text NOT NULL DEFAULT 'x'",
    'ALTER TABLE endpoint ADD CONSTRAINT c CHECK (rate > 0) NOT VALID',
    'ALTER TABLE endpoint ALTER COLUMN rate DROP NOT NULL -- RENAME',
    'CREATE INDEX endpoint_by_colour ON endpoint (colour)',
    'CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DROP TABLE x; END $$',
  ])('lets %s pass', (statements) => {
    expect(faultsOf(statementsIn(statements))).toEqual([]);
  });
});
