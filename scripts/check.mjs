// `npm run check`: what must hold before every commit, in under a minute.
//   npm run check -- invoices     the same, without what can only be wrong outside of that module
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt, ensureInstalled } from './bootstrap.mjs';
import { jest, root, sideBySide, summary, tool } from './steps.mjs';

const CACHE = 'node_modules/.cache';

/** The long ones first. @param module of one module: what looks at files one by one, and its own unit tests, look at nothing else */
export function checksOf(module) {
  const files = module === undefined ? '.' : `src/modules/${module}`;
  return [
    tool('lint', 'oxlint', '--deny-warnings', files),
    tool('types', 'typescript-native', '--noEmit', '-p', 'tsconfig.json'),
    tool('client', 'typescript-native', '--noEmit', '-p', 'client'),
    // Its rules look into one file at a time, so its cache may be trusted.
    tool(
      'syntax',
      'eslint',
      files,
      '--max-warnings',
      '0',
      '--cache',
      '--cache-strategy',
      'content',
      '--cache-location',
      `${CACHE}/eslint/check`,
    ),
    module === undefined ? jest('unit') : jest('unit', `${files}/`),
    tool('format', 'oxfmt', '--check', files),
    jest('arch'),
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [module] = process.argv.slice(2);
  if (module !== undefined && !existsSync(join(root, 'src/modules', module))) throw new Error(`There is no src/modules/${module}.`);
  await ensureInstalled();
  // Some tests start what was built.
  await ensureBuilt();
  const results = await sideBySide(checksOf(module));
  console.log(summary(results));
  if (results.some(({ failed }) => failed > 0)) process.exitCode = 1;
}
