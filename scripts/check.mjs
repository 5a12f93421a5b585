// `npm run check`: what must hold before every commit, in under a minute.
import { pathToFileURL } from 'node:url';
import { jest, sideBySide, summary, tool } from './steps.mjs';

const CACHE = 'node_modules/.cache';

/** The long ones first. */
export const checks = [
  // No cache: typed rules look into other files, and ESLint's cache knows only the one that it checked.
  tool('lint', 'eslint', '.', '--max-warnings', '0'),
  tool('types', 'typescript', '--noEmit', '-p', 'tsconfig.json', '--incremental', '--tsBuildInfoFile', `${CACHE}/tsc/check.tsbuildinfo`),
  jest('unit'),
  tool('format', 'prettier', '--check', '--log-level', 'warn', '--cache', '--cache-location', `${CACHE}/prettier/check`, '.'),
  jest('arch'),
];

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const results = await sideBySide(checks);
  console.log(summary(results));
  if (results.some(({ failed }) => failed > 0)) process.exitCode = 1;
}
