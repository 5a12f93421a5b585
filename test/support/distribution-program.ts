import { join } from 'node:path';
import { ENGLISH } from '../../src/local/debian-packages';
import { fetchProgram, unpackedProgram } from '../../src/local/unpacked-program';

/** Kept, so that only the first run on a machine downloads them. */
const CACHE = join(__dirname, '../../node_modules/.cache/posthorn');

/** A program of packages of the distribution, unpacked without root. @param path in its package, such as usr/sbin/nginx */
export function distributionProgram(packages: readonly string[], path: string) {
  const directory = join(CACHE, `${packages[0]!}-package`);
  const { program, libraryPath } = unpackedProgram(directory, path) ?? fetchProgram(directory, packages, path);
  return { program, env: libraryPath === '' ? ENGLISH : { ...ENGLISH, LD_LIBRARY_PATH: libraryPath } };
}
