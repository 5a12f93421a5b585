// Prints, as JSON, which dependency rules each of the given folders breaks, and which of its files import anything at all.
// A process of its own: dependency-cruiser is an ES module that cannot be required.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const root = fileURLToPath(new URL('../..', import.meta.url));
const options = await extractOptions(join(root, '.dependency-cruiser.cjs'));
const tsConfig = extractTsConfig(join(root, 'tsconfig.json'));

const results = {};
for (const baseDir of process.argv.slice(2)) {
  const folders = ['src', 'migrations'].filter((folder) => existsSync(join(baseDir, folder)));
  const { output } = await cruise(folders, { ...options, baseDir }, undefined, { tsConfig });
  results[baseDir] = {
    violations: output.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
    importers: output.modules.filter(({ dependencies }) => dependencies.length > 0).map(({ source }) => source),
  };
}
console.log(JSON.stringify({ rules: [...new Set(options.ruleSet.forbidden.map(({ name }) => name))], results }));
