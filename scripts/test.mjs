// `npm test`: everything, on a fresh clone with nothing installed. The last line is `N passed, N failed`.
//   npm test -- --project e2e register     one project of jest.config.cjs; what follows goes to Jest
import { ensureBuilt, ensureInstalled } from './bootstrap.mjs';
import { checksOf } from './check.mjs';
import { inTurn, jest, sideBySide, summary } from './steps.mjs';

/** A core for each file, which is what Jest does by itself: a Posthorn that nobody lets run answers 503. Guides and start go one file after the other. */
const PROJECTS = {
  unit: [],
  arch: [],
  int: [],
  e2e: [],
  faults: [],
  guides: ['--runInBand'],
  start: ['--runInBand'],
};

async function runAll() {
  const steps = (...projects) => projects.map((project) => jest(project, ...PROJECTS[project]));
  return [
    ...(await sideBySide(checksOf())),
    ...(await inTurn(steps('int', 'e2e'))),
    ...(await sideBySide(steps('faults', 'guides'))),
    ...(await inTurn(steps('start'))),
  ];
}

async function runOne(project, args) {
  if (!(project in PROJECTS)) throw new Error(`--project is one of ${Object.keys(PROJECTS).join(', ')}.`);
  return inTurn([jest(project, ...PROJECTS[project], ...args)], { live: true });
}

async function main([option, project, ...args]) {
  if (option !== undefined && option !== '--project') throw new Error('Usage: npm test [-- --project <name> [arguments of Jest]]');
  await ensureInstalled();
  await ensureBuilt();
  return option === undefined ? runAll() : runOne(project, args);
}

const results = await main(process.argv.slice(2)).catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  return [{ passed: 0, failed: 1, skipped: 0 }];
});
console.log(summary(results));
process.exitCode = results.some(({ failed }) => failed > 0) ? 1 : 0;
