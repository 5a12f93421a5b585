import type { QueryRunner } from 'typeorm';
import { MIGRATIONS } from '#migrations';
import { type FeatureModule, featureModules, type MigrationClass } from '../modules/feature-module';

/** Those of Posthorn and those of its modules, in the order in which they run. */
export function allMigrations(): MigrationClass[] {
  const ofModules = featureModules().flatMap((module) => module.migrations.map((migration) => ofModule(module, migration)));
  return [...MIGRATIONS, ...ofModules].sort((one, other) => timestampOf(one) - timestampOf(other));
}

/** TypeORM, too, reads it there. */
const timestampOf = ({ name }: MigrationClass): number => Number(name.slice(-13));

/** A migration that is undone when it makes tables that are not its module's, or that show one tenant what belongs to another. */
function ofModule({ name: module }: FeatureModule, Migration: MigrationClass): MigrationClass {
  class Checked extends Migration {
    override async up(runner: QueryRunner): Promise<void> {
      const before = new Set((await tablesOf(runner)).map(({ name }) => name));
      await super.up(runner);
      const made = (await tablesOf(runner)).filter(({ name }) => !before.has(name));
      for (const { name, open } of made) {
        const prefix = module.replaceAll('-', '_');
        if (name !== prefix && !name.startsWith(`${prefix}_`))
          throw new Error(`src/modules/${module}: ${Migration.name} makes the table ${name}. Call it ${prefix}, or ${prefix}_ and more.`);
        if (open)
          throw new Error(
            `src/modules/${module}: ${Migration.name} makes the table ${name}, which has tenants, without row-level security. Enable it, with the policy tenant.`,
          );
      }
    }
  }
  return Object.defineProperty(Checked, 'name', { value: Migration.name });
}

function tablesOf(runner: QueryRunner): Promise<{ name: string; open: boolean }[]> {
  return runner.query(
    `SELECT c.relname AS name,
            NOT c.relrowsecurity AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'organization_id') AS open
       FROM pg_class c
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace`,
  ) as Promise<{ name: string; open: boolean }[]>;
}
