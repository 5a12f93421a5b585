// Runs the steps of `npm run check` and `npm test`: each a command of its own, silent unless it fails, counted the same way.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** A step that hangs is a failure, not a pipeline that never ends. */
const DEADLINE_MS = 15 * 60_000;

/** Steps at the same time: they are single-threaded, except Jest's. */
const LANES = Math.max(2, Math.floor(availableParallelism() / 2));

/** @typedef {{ name: string, passed: number, failed: number, skipped: number, seconds: number, output: string }} Result */

/** A tool that says yes or no. */
export const tool = (name, bin, ...args) => ({
  name,
  run: async (live) => {
    const { code, output } = await execute([toolPath(bin), ...args], live);
    return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0, output };
  },
});

/** One project of jest.config.cjs, counted by test. */
export const jest = (project, ...args) => ({
  name: project,
  run: async (live) => {
    const folder = mkdtempSync(join(tmpdir(), 'posthorn-jest-'));
    const report = join(folder, 'report.json');
    try {
      const { code, output } = await execute(
        [toolPath('jest'), '--selectProjects', project, '--json', '--outputFile', report, ...args],
        live,
      );
      return { ...countsOf(report, code), output };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
});

function countsOf(report, code) {
  let counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests, numTodoTests } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    counts = { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites, skipped: numPendingTests + numTodoTests };
  } catch {
    // Without a report Jest did not get as far as running tests; its exit code says so below.
  }
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

function toolPath(name) {
  const require = createRequire(join(root, 'package.json'));
  const manifest = require.resolve(`${name}/package.json`);
  const { bin } = require(manifest);
  return join(dirname(manifest), typeof bin === 'string' ? bin : (bin[name] ?? Object.values(bin)[0]));
}

function execute(args, live) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: live ? 'inherit' : ['ignore', 'pipe', 'pipe'], timeout: DEADLINE_MS });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', (error) => resolve({ code: 1, output: output + error.message }));
    child.on('close', (code, signal) => resolve({ code: code ?? 1, output: signal ? `${output}\nEnded by ${signal}.` : output }));
  });
}

/** @returns {Promise<Result>} */
async function runStep({ name, run }, live) {
  const start = performance.now();
  const result = { name, ...(await run(live)), seconds: (performance.now() - start) / 1_000 };
  console.log(line(result));
  if (result.failed > 0 && result.output) console.log(`\n${result.output.trim()}\n`);
  return result;
}

export async function inTurn(steps, { live = false } = {}) {
  const results = [];
  for (const step of steps) results.push(await runStep(step, live));
  return results;
}

export async function sideBySide(steps) {
  const waiting = [...steps];
  const results = [];
  const lane = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) results.push(await runStep(step, false));
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}

function line({ name, passed, failed, skipped, seconds }) {
  return `${failed > 0 ? '✗' : '✓'} ${name.padEnd(8)} ${summary([{ passed, failed, skipped }]).padEnd(34)} ${seconds.toFixed(1).padStart(6)} s`;
}

/** @param {Pick<Result, 'passed' | 'failed' | 'skipped'>[]} results */
export function summary(results) {
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const skipped = sum('skipped');
  return `${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
