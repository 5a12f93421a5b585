import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Invitations, the grace of deleted organizations, and an audit log that is written with the change, sealed and never rewritten. */
export class OrganizationsAndAudit1764000000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE organization ADD COLUMN deleted_at timestamptz, ADD COLUMN erase_at timestamptz;

      CREATE UNIQUE INDEX member_owner_key ON member (organization_id) WHERE role = 'owner';
      CREATE INDEX member_user_id_organization_id ON member (user_id, organization_id);

      CREATE TABLE invitation (
        id              text COLLATE "C" PRIMARY KEY,
        version         integer NOT NULL,
        organization_id text COLLATE "C" NOT NULL
                        CONSTRAINT invitation_organization_id_fkey REFERENCES organization ON DELETE CASCADE,
        email           bytea NOT NULL,
        email_hash      bytea NOT NULL,
        role            text NOT NULL CONSTRAINT invitation_role_check CHECK (role IN ('admin', 'developer', 'viewer')),
        inviter_user_id text COLLATE "C" NOT NULL,
        token_hash      bytea CONSTRAINT invitation_token_hash_key UNIQUE,
        expires_at      timestamptz NOT NULL,
        created_at      timestamptz NOT NULL,
        updated_at      timestamptz NOT NULL,
        CONSTRAINT invitation_email_hash_key UNIQUE (email_hash, organization_id)
      );
      CREATE INDEX invitation_organization_id ON invitation (organization_id, id);
      ALTER TABLE invitation ENABLE ROW LEVEL SECURITY;
      CREATE POLICY tenant ON invitation TO posthorn_tenant USING (organization_id = current_setting('posthorn.organization', true));
    `);
    await runner.query(`
      CREATE TABLE closed_organization (
        organization_id text COLLATE "C" PRIMARY KEY,
        closed          boolean NOT NULL,
        changed_at      timestamptz NOT NULL
      );
      ALTER TABLE closed_organization ENABLE ROW LEVEL SECURITY;
      CREATE POLICY tenant ON closed_organization TO posthorn_tenant
        USING (organization_id = current_setting('posthorn.organization', true));
    `);
    await runner.query(`
      -- What the observer of the last release had not written yet.
      INSERT INTO audit_entry (id, organization_id, actor, action, object, occurred_at)
      SELECT replace(e.id, 'evt_', 'aud_'), e.organization_id,
             CASE e.type WHEN 'user.registration_repeated' THEN 'anonymous' ELSE coalesce(e.payload ->> 'userId', 'system') END, e.type,
             coalesce(e.payload ->> 'apiKeyId', e.organization_id, e.payload ->> 'userId'), e.occurred_at
        FROM observer_job j JOIN outbox_event e ON e.id = j.event_id WHERE j.observer = 'audit.entry'
          ON CONFLICT DO NOTHING;
      DELETE FROM observer_job WHERE observer = 'audit.entry';

      ALTER TABLE audit_entry
        ADD COLUMN actor_kind text NOT NULL DEFAULT 'user'
          CONSTRAINT audit_entry_actor_kind_check CHECK (actor_kind IN ('user', 'api_key', 'portal', 'anonymous', 'system')),
        ADD COLUMN result text NOT NULL DEFAULT 'success' CONSTRAINT audit_entry_result_check CHECK (result IN ('success', 'refused')),
        ADD COLUMN request_id text,
        ADD COLUMN details bytea,
        ALTER COLUMN actor DROP NOT NULL,
        ALTER COLUMN occurred_at SET DEFAULT now();
      ALTER TABLE audit_entry RENAME COLUMN actor TO actor_id;
      UPDATE audit_entry SET actor_kind = actor_id, actor_id = NULL WHERE actor_id IN ('anonymous', 'system');
      ALTER TABLE audit_entry ALTER COLUMN actor_kind DROP DEFAULT, ALTER COLUMN result DROP DEFAULT;
      CREATE INDEX audit_entry_actor_id ON audit_entry (organization_id, actor_id, id);
      CREATE INDEX audit_entry_object ON audit_entry (organization_id, object, id);

      -- A rotation of keys encrypts the details anew, and nothing else of an entry ever changes.
      CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'UPDATE' THEN
          IF to_jsonb(NEW) - 'details' = to_jsonb(OLD) - 'details' THEN RETURN NEW; END IF;
        END IF;
        RAISE EXCEPTION 'The audit log is append-only.' USING ERRCODE = 'insufficient_privilege';
      END $$;
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
      CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

      CREATE TABLE audit_unsealed (
        entry_id text COLLATE "C" PRIMARY KEY,
        chain    text COLLATE "C" NOT NULL
      ) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
      INSERT INTO audit_unsealed SELECT id, coalesce(organization_id, 'system') FROM audit_entry;

      CREATE TABLE audit_seal (
        chain        text COLLATE "C" NOT NULL,
        sequence     bigint NOT NULL,
        entry_id     text COLLATE "C" NOT NULL CONSTRAINT audit_seal_entry_id_key UNIQUE,
        details_hash bytea,
        hash         bytea NOT NULL,
        PRIMARY KEY (chain, sequence)
      );

      REVOKE ALL ON audit_entry, audit_unsealed, audit_seal FROM posthorn_tenant;
      GRANT SELECT, INSERT ON audit_entry TO posthorn_tenant;
      GRANT INSERT ON audit_unsealed TO posthorn_tenant;
      -- In a request of an organization, something may be recorded that concerns none.
      DROP POLICY tenant ON audit_entry;
      CREATE POLICY tenant ON audit_entry TO posthorn_tenant
        USING (organization_id = current_setting('posthorn.organization', true))
        WITH CHECK (organization_id IS NULL OR organization_id = current_setting('posthorn.organization', true));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE audit_seal, audit_unsealed;
      DROP TRIGGER append_only ON audit_entry;
      DROP TRIGGER append_only_truncate ON audit_entry;
      DROP FUNCTION refuse_audit_change;
      DROP INDEX audit_entry_actor_id, audit_entry_object;
      ALTER TABLE audit_entry RENAME COLUMN actor_id TO actor;
      UPDATE audit_entry SET actor = actor_kind WHERE actor IS NULL;
      ALTER TABLE audit_entry
        DROP COLUMN actor_kind, DROP COLUMN result, DROP COLUMN request_id, DROP COLUMN details,
        ALTER COLUMN actor SET NOT NULL, ALTER COLUMN occurred_at DROP DEFAULT;

      DROP TABLE invitation, closed_organization;
      DROP INDEX member_owner_key, member_user_id_organization_id;
      ALTER TABLE organization DROP COLUMN deleted_at, DROP COLUMN erase_at;
    `);
  }
}
