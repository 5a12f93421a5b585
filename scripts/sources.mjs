// `node scripts/sources.mjs bench/index.ts …`: a program of this repository that the build leaves out, against what was built.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt, ensureInstalled } from './bootstrap.mjs';
import { root } from './steps.mjs';

const SOURCES = '--conditions=posthorn-source';

/** Whether this process may require TypeScript. */
export const readsSources = () => process.execArgv.includes(SOURCES);

/** In a process that may require TypeScript. @returns its exit code */
export function runFromSources(file, args) {
  const node = [SOURCES, '--require', join(root, 'test/support/typescript.cjs'), file, ...args];
  return spawnSync(process.execPath, node, { cwd: root, stdio: 'inherit' }).status ?? 1;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [file, ...args] = process.argv.slice(2);
  await ensureInstalled();
  await ensureBuilt();
  process.exitCode = runFromSources(file, args);
}
