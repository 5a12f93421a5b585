// Brings a checkout to the state that npm start and npm test need. Plain Node: nothing may be installed yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const LEAST_NODE = [20, 19];

const INSTALL_STAMP = join(ROOT, 'node_modules', '.posthorn-install');
const BUILD_STAMP = join(ROOT, 'dist', '.posthorn-build');
const BUILD_INPUTS = [
  'src',
  'migrations',
  'package.json',
  'package-lock.json',
  'nest-cli.json',
  'tsconfig.json',
  'tsconfig.build.json',
  '.swcrc',
];

/** Installs the locked packages unless node_modules already holds exactly them. */
export async function ensureInstalled() {
  requireNode();
  const lockFile = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');
  const stamp = hashOf([lockFile]);
  if (readIfThere(INSTALL_STAMP) === stamp) return;
  if (!holdsLockedPackages(JSON.parse(lockFile))) {
    npm('Installing dependencies …', ['ci', '--include=dev', '--no-audit', '--no-fund']);
  }
  writeFileSync(INSTALL_STAMP, stamp);
}

/** Compiles unless dist was made from exactly these sources. */
export async function ensureBuilt() {
  const stamp = hashOf(BUILD_INPUTS.flatMap(filesOf).flatMap((file) => [file, readFileSync(join(ROOT, file))]));
  if (readIfThere(BUILD_STAMP) === stamp) return;
  npm('Building …', ['run', 'build']);
  writeFileSync(BUILD_STAMP, stamp);
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) return;
  throw new Error(`Posthorn needs Node.js ${LEAST_NODE.join('.')} or newer; this is ${process.versions.node}.`);
}

/** Somebody may have run npm ci by hand: npm notes in node_modules what it has installed. */
function holdsLockedPackages(lock) {
  const installed = readIfThere(join(ROOT, 'node_modules', '.package-lock.json'));
  if (installed === undefined) return false;
  const found = JSON.parse(installed).packages;
  return Object.entries(lock.packages).every(([path, { version, optional }]) => {
    if (path === '') return true;
    return found[path] === undefined ? optional === true : found[path].version === version;
  });
}

function npm(announcement, args) {
  console.log(announcement);
  const cli = process.env.npm_execpath;
  const [command, ...first] = cli !== undefined && cli.endsWith('npm-cli.js') ? [process.execPath, cli] : ['npm'];
  const { status, signal, stdout, stderr, error } = spawnSync(command, [...first, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    // A production shell must not leave out the tools that build.
    env: { ...process.env, NODE_ENV: 'development' },
  });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  throw new Error(
    `npm ${args[0] === 'run' ? args.slice(0, 2).join(' ') : args[0]} failed: ${error?.message ?? signal ?? `exit code ${status}`}.`,
  );
}

function filesOf(input) {
  if (!existsSync(join(ROOT, input))) return [];
  if (input.includes('.')) return [input];
  return readdirSync(join(ROOT, input), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/[.-]spec\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(ROOT.length + 1))
    .sort();
}

function hashOf(parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
}

function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
