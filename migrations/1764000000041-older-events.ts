import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where the audit log begins when its older part is gone, and who may ask whether something is held. */
export class OlderEvents1764000000041 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The last link that was cut off a chain. The proof is a keyed hash: nobody else can say so.
      CREATE TABLE audit_anchor (
        chain    text COLLATE "C" PRIMARY KEY,
        sequence bigint NOT NULL,
        hash     bytea NOT NULL,
        proof    bytea NOT NULL,
        cut_at   timestamptz NOT NULL DEFAULT now()
      );
      REVOKE ALL ON audit_anchor FROM posthorn_tenant;

      -- Besides, an entry may go whose chain was cut and which has no seal any more.
      CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'UPDATE' THEN
          IF to_jsonb(NEW) - 'details' = to_jsonb(OLD) - 'details' THEN RETURN NEW; END IF;
        ELSIF TG_OP = 'DELETE' THEN
          IF EXISTS (SELECT FROM audit_anchor WHERE chain = coalesce(OLD.organization_id, 'system'))
             AND NOT EXISTS (SELECT FROM audit_seal WHERE entry_id = OLD.id)
             AND NOT EXISTS (SELECT FROM audit_unsealed WHERE entry_id = OLD.id) THEN RETURN OLD; END IF;
        END IF;
        RAISE EXCEPTION 'The audit log is append-only.' USING ERRCODE = 'insufficient_privilege';
      END $$;

      -- Of its own organization, by the policy that there is.
      GRANT SELECT ON legal_hold TO posthorn_tenant;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      REVOKE SELECT ON legal_hold FROM posthorn_tenant;
      CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'UPDATE' THEN
          IF to_jsonb(NEW) - 'details' = to_jsonb(OLD) - 'details' THEN RETURN NEW; END IF;
        END IF;
        RAISE EXCEPTION 'The audit log is append-only.' USING ERRCODE = 'insufficient_privilege';
      END $$;
      DROP TABLE audit_anchor;
    `);
  }
}
