// `npm run new:module -- invoices`, and `new:command`, `new:query`, `new:event`, `new:observer`, `new:migration`: writes the files, wired and in
// house style, by the collection in schematics/, and then the reference of the module.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled } from './bootstrap.mjs';
import { root } from './steps.mjs';

const COLLECTION = '@posthorn/schematics';

await ensureInstalled();

const require = createRequire(import.meta.url);
const { NodeWorkflow } = require('@angular-devkit/schematics/tools');
const { lastValueFrom } = require('rxjs');

const [schematic = '', ...rest] = process.argv.slice(2);
const { properties, required } = JSON.parse(readFileSync(join(root, 'schematics/src', schematic, 'schema.json'), 'utf8'));
const inOrder = Object.entries(properties).filter(([, { $default: source }]) => source !== undefined);

function usage(problem) {
  const options = Object.keys(properties).filter((name) => properties[name].$default === undefined);
  const lines = Object.entries(properties).map(([name, { description }]) => `  ${name.padEnd(8)} ${description}`);
  const given = [...inOrder.map(([name]) => `<${name}>`), ...options.map((name) => `[--${name} …]`)].join(' ');
  return new Error(`${problem}\nUsage: npm run new:${schematic} -- ${given}\n${lines.join('\n')}`);
}

function optionsFrom(args) {
  const named = Object.fromEntries(Object.keys(properties).map((name) => [name, { type: 'string' }]));
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: named });
  if (positionals.length > inOrder.length) throw usage(`There is no place for ${positionals.at(-1)}.`);
  const options = { ...Object.fromEntries(positionals.map((value, at) => [inOrder[at][0], value])), ...values };
  for (const name of required) if (options[name] === undefined) throw usage(`${name} is missing.`);
  for (const [name, value] of Object.entries(options)) {
    const { pattern, type } = properties[name];
    if (pattern && !new RegExp(pattern).test(value)) throw usage(`${name} cannot be ${value}.`);
    if (type === 'integer') options[name] = Number(value);
  }
  return options;
}

async function generate(options) {
  const workflow = new NodeWorkflow(root, { resolvePaths: [root], schemaValidation: true });
  const seen = [];
  workflow.reporter.subscribe((event) => seen.push(event));
  await lastValueFrom(workflow.execute({ collection: COLLECTION, schematic, options, debug: false }));
  const flaw = seen.find(({ kind }) => kind === 'error');
  if (flaw) throw new Error(`${flaw.path} is there already.`);
  return seen.map(({ kind, path }) => `${kind === 'create' ? 'new    ' : 'changed'} ${path.replace(/^\//, '')}`);
}

try {
  const options = optionsFrom(rest);
  console.log((await generate(options)).join('\n'));
  const module = options.module ?? options.name;
  const { status } = spawnSync(process.execPath, [join(root, 'scripts/reference.mjs'), module], { cwd: root, stdio: 'inherit' });
  process.exitCode = status ?? 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
