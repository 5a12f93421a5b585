import type { Finding } from './finding';

const SIGNS = { ok: '✓', warning: '!', problem: '✗' } as const;

/** For people, or as JSON for machines. Where there is a problem, the process will end with 1. */
export function printFindings(findings: readonly Finding[], json: boolean): void {
  const healthy = findings.every(({ level }) => level !== 'problem');
  if (json) console.log(JSON.stringify({ healthy, findings }, null, 2));
  else for (const { check, level, detail } of findings) console.log(`${SIGNS[level]} ${check}: ${detail}`);
  if (!healthy) process.exitCode = 1;
}
