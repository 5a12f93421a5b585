// `npm run check`: what must hold before every commit, in under a minute.
import { pathToFileURL } from 'node:url';
import { jest, sideBySide, summary, tool } from './steps.mjs';

const CACHE = 'node_modules/.cache';

/** The long ones first. */
export const checks = [
  tool('lint', 'oxlint', '--deny-warnings'),
  tool('types', 'typescript-native', '--noEmit', '-p', 'tsconfig.json'),
  tool('client', 'typescript-native', '--noEmit', '-p', 'client'),
  // Its rules look into one file at a time, so its cache may be trusted.
  tool(
    'syntax',
    'eslint',
    '.',
    '--max-warnings',
    '0',
    '--cache',
    '--cache-strategy',
    'content',
    '--cache-location',
    `${CACHE}/eslint/check`,
  ),
  jest('unit'),
  tool('format', 'prettier', '--check', '--log-level', 'warn', '--cache', '--cache-location', `${CACHE}/prettier/check`, '.'),
  jest('arch'),
];

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const results = await sideBySide(checks);
  console.log(summary(results));
  if (results.some(({ failed }) => failed > 0)) process.exitCode = 1;
}
