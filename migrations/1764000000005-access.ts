import type { MigrationInterface, QueryRunner } from 'typeorm';

/** By the column that names the tenant. */
const TENANT_TABLES = [
  'member',
  'api_key',
  'audit_entry',
  'application',
  'event_type',
  'endpoint',
  'message',
  'message_outbox',
  'pending_delivery',
  'settled_delivery',
  'attempt',
];

/**
 * Row-level security as the second net of tenant isolation. Requests of a tenant run as the role `posthorn_tenant`, which
 * sees the rows of the organization in the setting `posthorn.organization`. The owner of the tables (workers, migrations,
 * backups) is not bound by it.
 */
export class Access1764000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Roles belong to the server, not to the database: another Posthorn beside this one may have made it.
    await runner.query(`
      DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'posthorn_tenant') THEN
          CREATE ROLE posthorn_tenant NOLOGIN;
        END IF;
      EXCEPTION
        WHEN duplicate_object OR unique_violation THEN NULL;
        WHEN insufficient_privilege THEN
          RAISE EXCEPTION 'The role posthorn_tenant is missing and % may not create it. Let an administrator run: CREATE ROLE posthorn_tenant NOLOGIN; GRANT posthorn_tenant TO %;', current_user, current_user;
      END $$;
      DO $$ BEGIN
        IF NOT pg_has_role(current_user, 'posthorn_tenant', 'MEMBER') THEN
          EXECUTE format('GRANT posthorn_tenant TO %I', current_user);
        END IF;
      END $$;
      GRANT USAGE ON SCHEMA public TO posthorn_tenant;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO posthorn_tenant;
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO posthorn_tenant;
      ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO posthorn_tenant;
      ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO posthorn_tenant;
      ALTER VIEW delivery SET (security_invoker = true);
      REVOKE UPDATE, DELETE ON audit_entry FROM posthorn_tenant;
    `);
    for (const table of TENANT_TABLES) await runner.query(protect(table, 'organization_id'));
    await runner.query(protect('organization', 'id'));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...TENANT_TABLES, 'organization']) await runner.query(unprotect(table));
    await runner.query(`
      ALTER VIEW delivery RESET (security_invoker);
      ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM posthorn_tenant;
      ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM posthorn_tenant;
      REVOKE ALL ON ALL TABLES IN SCHEMA public FROM posthorn_tenant;
      REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM posthorn_tenant;
      REVOKE ALL ON SCHEMA public FROM posthorn_tenant;
    `);
  }
}

const unprotect = (table: string) => `DROP POLICY tenant ON ${table}; ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY;`;

const protect = (table: string, column: string) => `
  ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
  CREATE POLICY tenant ON ${table} TO posthorn_tenant USING (${column} = current_setting('posthorn.organization', true));
`;
