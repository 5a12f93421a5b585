import type { QueryRunner } from 'typeorm';
import { openTestDatabase } from '../../../test/support/database';
import { migrate } from '../../../test/support/migrate';
import { type FeatureModule, defineModule } from '../modules/feature-module';

type Migration = FeatureModule['migrations'][number];

const making = (sql: string): Migration =>
  class Bills9000000000001 {
    async up(runner: QueryRunner): Promise<void> {
      await runner.query(sql);
    }
    async down(): Promise<void> {}
  };

describe('the migrations of a module', () => {
  let database: Awaited<ReturnType<typeof openTestDatabase>>;

  beforeEach(async () => {
    database = await openTestDatabase();
  });
  afterEach(() => database.drop());

  const migrated = (sql: string) => {
    defineModule({ name: 'bills', migrations: [making(sql)] });
    return migrate(database.url);
  };

  it('make tables that are called like it', async () => {
    expect(await migrated('CREATE TABLE bills (id text); CREATE TABLE bills_line (id text)')).toEqual(['Bills9000000000001']);
  });

  it('are undone when they make others, and the message says which', async () => {
    const refusal = 'src/modules/bills: Bills9000000000001 makes the table invoice_line. Call it bills, or bills_ and more.';
    await expect(migrated('CREATE TABLE invoice_line (id text)')).rejects.toThrow(refusal);
    expect(await migrated('CREATE TABLE bills (id text)')).toEqual(['Bills9000000000001']);
  });

  it('are undone when a table shows one tenant what belongs to another', async () => {
    const refusal = 'makes the table bills, which has tenants, without row-level security.';
    await expect(migrated('CREATE TABLE bills (id text, organization_id text)')).rejects.toThrow(refusal);
    const safe = 'CREATE TABLE bills (id text, organization_id text); ALTER TABLE bills ENABLE ROW LEVEL SECURITY';
    expect(await migrated(safe)).toEqual(['Bills9000000000001']);
  });
});
