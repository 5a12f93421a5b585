import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const SOURCES = ['package.json', '.swcrc', 'src', 'migrations'];

const git = (...args: string[]): string => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();

/** The newest tag of a release before this commit; while there is none, the commit before the newest migration. */
function previousRelease(): string {
  const tag = git('tag', '--merged', 'HEAD^', '--sort=-version:refname', '--list', 'v*').split('\n', 1)[0]!;
  if (tag !== '') return tag;
  const newest = git('log', '-1', '--format=%H', '--diff-filter=A', '--', 'migrations/1*.ts');
  return git('rev-parse', '--verify', `${newest}^`);
}

/** A clone without its past, as some pipelines make it, does not know the release before this one. */
export function hasHistory(): boolean {
  return git('rev-parse', '--is-shallow-repository') === 'false';
}

/** The release before this one, built from the history of the repository with the packages of today. */
export function buildPreviousRelease() {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-previous-'));
  const commit = previousRelease();
  execFileSync('bash', ['-c', `set -o pipefail; git archive ${commit} ${SOURCES.join(' ')} | tar -x -C ${folder}`], { cwd: ROOT });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  // As `npm run build`, without the check of types, which that release had in its time.
  const swc = join(folder, 'node_modules/.bin/swc');
  execFileSync(swc, ['src', '--out-dir', 'dist', '--strip-leading-paths', '--quiet'], { cwd: folder });
  execFileSync(swc, ['migrations', '--out-dir', 'dist/migrations', '--strip-leading-paths', '--quiet'], { cwd: folder });
  return {
    commit,
    dist: join(folder, 'dist'),
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
