import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { moduleOf } from '../../src/platform/declarations/declarations';

const ROOT = join(__dirname, '../..');

/**
 * Whose the tables of `migrations/` are; those that a module makes itself are its own. The features of `webhooks` are one bounded
 * context with one schema, so they count as one. What is no module's is the platform's.
 */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  platform: ['data_key', 'idempotency_key', 'observer_job', 'outbox_event'],
  users: ['email_change', 'email_verification', 'password_reset', 'second_factor', 'user_account', 'user_identity'],
  organizations: ['invitation', 'member', 'organization'],
  auth: ['api_key', 'portal_end', 'portal_expiry', 'session', 'sign_in_throttle'],
  audit: ['audit_anchor', 'audit_entry', 'audit_seal', 'audit_unsealed'],
  tasks: ['task'],
  webhooks: [
    ...['application', 'application_rate', 'endpoint', 'event_type', 'closed_organization', 'legal_hold'],
    ...['message', 'message_event_id', 'message_outbox', 'scheduled_message'],
    ...['attempt', 'delivery_lane', 'filter_candidate', 'pending_delivery', 'settled_delivery', 'worker'],
  ],
};

/** By file: why it may name a table that is not of its module. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'src/modules/keys/queries/get-key-status.ts': 'The module is what operators see of the data keys of the platform, which it only counts.',
  'src/modules/webhooks/deliveries/infra/record-statement.ts': 'Events of a batch of results go with the results, in one statement.',
  'src/platform/database/partitions.ts': 'Makes the partitions of all tables by day, for migrations too, which know no module.',
  'src/platform/retention/legal-hold.ts': 'Whoever deletes asks it, the platform for its events as well: a condition of their statements.',
  'src/platform/doctor/examine-database.ts': 'Says whether somebody works where nothing may be started that could be asked.',
  'src/drill.ts': 'Counts what waits in a restored backup, in which no module may start.',
};

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const filesIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${folder}/${file}`);
const ownerOf = (file: string): string => moduleOf(file) ?? 'platform';

const sources = filesIn('src').filter((file) => !/[.-]spec\.ts$|\/testing\//.test(file));
const made = (files: readonly string[]): [table: string, file: string][] =>
  files.flatMap((file) => [...read(file).matchAll(/\bCREATE TABLE (?:IF NOT EXISTS )?(\w+) \(/g)].map(([, table]) => [table!, file]));
const owners = new Map([
  ...Object.entries(TABLES).flatMap(([owner, tables]) => tables.map((table) => [table, owner] as const)),
  ...made(sources.filter((file) => file.includes('/migrations/'))).map(([table, file]) => [table, ownerOf(file)] as const),
]);

const COMMENT = /^\s*(?:\/\/|\/?\*).*$/gm;
const TABLE = '(?:only )?"?[a-z_]+"?(?: (?:as )?\\w+)?';
/** What follows is looked at only: after `FROM endpoint JOIN` comes a table again. */
const IN_SQL = new RegExp(
  `\\b(?:from|join|into|update|table|using|references|truncate|lock|(?:index|trigger|policy) \\S+ on) (?=(${TABLE}(?:, ${TABLE})*))`,
  'gi',
);
const IN_CODE = /\b(?:(?:Entity|encryptedTable|columnContext)\(|table: )'(\w+)'/g;
const WITH = /\b(\w+)(?: \([^)]*\))? AS (?:NOT )?(?:MATERIALIZED )?\(/g;

/** The tables that a file names, except what a statement calls so itself. */
function tablesIn(source: string): string[] {
  const text = source.replace(COMMENT, '').replaceAll(/\s+/g, ' ').replaceAll('public.', '');
  const inSql = [...text.matchAll(IN_SQL)].flatMap(([, list]) =>
    list!.split(', ').map((item) => item.replace(/^only /i, '').split(' ')[0]!),
  );
  const inCode = [...text.matchAll(IN_CODE)].map(([, name]) => name!);
  const own = new Set([...text.matchAll(WITH)].map(([, name]) => name!));
  const tables = [...inSql, ...inCode].map((name) => name.replaceAll('"', '').replace(/_rest$/, ''));
  return [...new Set(tables)].filter((name) => owners.has(name) && !own.has(name)).sort();
}

function trespassesOf(file: string, source: string): string[] {
  const owner = ownerOf(file);
  return tablesIn(source)
    .filter((table) => owners.get(table) !== owner)
    .map(
      (table) =>
        `${file} names ${table}, a table of ${owners.get(table)!}: dispatch a query or a command that its index.ts shows, or keep what its events tell.`,
    );
}

describe('tables', () => {
  it('have one owner each, which names them', () => {
    const named = new Set(sources.flatMap((file) => tablesIn(read(file)).map((table) => `${ownerOf(file)}: ${table}`)));
    const tables = made(filesIn('migrations')).map(([table]) => table);

    expect(Object.values(TABLES).flat().sort()).toEqual([...new Set(tables)].sort());
    expect([...owners].map(([table, owner]) => `${owner}: ${table}`).filter((line) => !named.has(line))).toEqual([]);
  });

  it('of others are named by nobody, unless there is a reason', () => {
    const trespasses = new Map(sources.map((file) => [file, trespassesOf(file, read(file))]));

    expect(sources.flatMap((file) => (file in EXCEPTIONS ? [] : trespasses.get(file)!))).toEqual([]);
    expect(Object.keys(EXCEPTIONS).filter((file) => !trespasses.get(file)?.length)).toEqual([]);
  });

  it.each([
    ['SELECT name FROM user_account', 'user_account'],
    ['select a.x from application a\n  left join user_account u on u.id = a.x', 'user_account'],
    ['SELECT 1 FROM endpoint e, organization AS o WHERE o.id = e.organization_id', 'organization'],
    ['SELECT 1 FROM endpoint JOIN member USING (id)', 'member'],
    ['INSERT INTO observer_job (event_id) SELECT $1', 'observer_job'],
    ['UPDATE ONLY "session" SET ended_at = now()', 'session'],
    ['DELETE FROM message m USING public.task t', 'task'],
    ['WITH gone AS (DELETE FROM audit_entry_rest RETURNING *) SELECT 1', 'audit_entry'],
    ['ALTER TABLE endpoint ADD COLUMN u text REFERENCES user_account (id)', 'user_account'],
    ['CREATE INDEX member_${of} ON member (id)', 'member'],
    ["@Entity('invitation')", 'invitation'],
    ["await cipher.openJson(columnContext('api_key', 'name', id), name)", 'api_key'],
    ["const [kept] = [{ table: 'audit_entry', key: 'id' }]", 'audit_entry'],
  ])('would be refused to webhooks in %s', (source, table) => {
    expect(trespassesOf('src/modules/webhooks/usage/queries/count.ts', source)).toEqual([
      `src/modules/webhooks/usage/queries/count.ts names ${table}, a table of ${owners.get(table)!}: dispatch a query or a command that its index.ts shows, or keep what its events tell.`,
    ]);
  });

  it.each([
    'SELECT m.id FROM message m JOIN endpoint e ON e.application_id = m.application_id, settled_delivery s',
    'WITH organization AS MATERIALIZED (SELECT 1) SELECT * FROM message, organization',
    "import { task } from '../tasks';\n// Taken from session to session.",
    "throw new Error('No member, api_key or invitation.')",
  ])('lets webhooks write %s', (source) => {
    expect(trespassesOf('src/modules/webhooks/usage/queries/count.ts', source)).toEqual([]);
  });

  it('of the platform and of a module are not for each other', () => {
    expect(trespassesOf('src/platform/outbox/outbox.ts', 'SELECT 1 FROM message')).toHaveLength(1);
    expect(trespassesOf('src/modules/invoices/infra/sql.ts', 'INSERT INTO outbox_event (id) VALUES ($1)')).toHaveLength(1);
  });
});
