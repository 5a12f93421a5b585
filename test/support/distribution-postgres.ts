import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { canEnter, unprivilegedUser } from '../../src/local/unprivileged-user';
import { distributionProgram } from './distribution-program';

/** Of the releases of Debian and Ubuntu that have one which Posthorn supports. */
const VERSIONS = ['15', '16', '17', '18'];

/** A whole PostgreSQL of the distribution: what npm installs has no pg_dump. @param shelter a folder that everybody may enter */
export function distributionPostgres(shelter: string) {
  const { version, program, env } = first(VERSIONS);
  const root = program.slice(0, -pathOf(version).length - 1);
  const place = canEnter(unprivilegedUser(), join(root, 'usr/lib/postgresql', version)) ? root : join(shelter, 'postgresql');
  if (!existsSync(place)) cpSync(root, place, { recursive: true, verbatimSymlinks: true });
  const bin = join(place, 'usr/lib/postgresql', version, 'bin');
  const found = { ...env, LD_LIBRARY_PATH: (env['LD_LIBRARY_PATH'] ?? '').replaceAll(root, place) };
  return { bin, binaries: { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres'), version, env: found } };
}

const pathOf = (version: string): string => `usr/lib/postgresql/${version}/bin/postgres`;

function first([version, ...others]: readonly string[]): { version: string; program: string; env: NodeJS.ProcessEnv } {
  if (version === undefined) throw new Error(`This system has no package of PostgreSQL ${VERSIONS.join(', ')}.`);
  try {
    return { version, ...distributionProgram([`postgresql-${version}`, `postgresql-client-${version}`], pathOf(version)) };
  } catch (error) {
    if (others.length === 0) throw error;
    return first(others);
  }
}
