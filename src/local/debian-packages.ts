import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export const ENGLISH = { ...process.env, LC_ALL: 'C' };

// They belong to the system's own loader; a second copy of them on the library path breaks every program.
const SYSTEM_LIBRARIES = /^(libc6|libc-bin|libgcc.*|libstdc\+\+.*)$/;

/** Packages of Debian or Ubuntu, unpacked into a folder; neither root nor previously fetched package lists are needed. */
export class DebianPackages {
  private options: readonly string[] = [];
  private readonly unpacked = new Set<string>();

  constructor(readonly directory: string) {
    mkdirSync(join(directory, 'debs'), { recursive: true });
  }

  unpack(packages: readonly string[], root: string): void {
    this.download(packages);
    packages.forEach((name) => this.unpacked.add(name));
    for (const file of readdirSync(this.debs)) {
      run('dpkg', ['-x', join(this.debs, file), root], this.debs);
      rmSync(join(this.debs, file));
    }
  }

  unpackDependencies(root: string): void {
    const listing = run('apt-cache', [...this.options, 'depends', '--important', ...this.unpacked], this.debs);
    const names = [...listing.matchAll(/^[ |]+(?:Pre)?Depends: (lib\S+)$/gm)].map((match) => match[1] ?? '');
    const wanted = [...new Set(names)].filter((name) => !this.unpacked.has(name) && !SYSTEM_LIBRARIES.test(name) && !isInstalled(name));
    if (wanted.length > 0) this.unpack(wanted, root);
  }

  private get debs(): string {
    return join(this.directory, 'debs');
  }

  private download(packages: readonly string[]): void {
    try {
      run('apt-get', [...this.options, 'download', ...packages], this.debs);
    } catch (error) {
      if (this.options.length > 0) throw error;
      // The system's package lists are missing or out of date, and only root may renew them: fetch lists of our own.
      this.options = this.ownLists();
      run('apt-get', [...this.options, 'update'], this.debs);
      run('apt-get', [...this.options, 'download', ...packages], this.debs);
    }
  }

  private ownLists(): string[] {
    const [lists, cache] = [join(this.directory, 'lists'), join(this.directory, 'cache')];
    mkdirSync(join(lists, 'partial'), { recursive: true });
    mkdirSync(join(cache, 'archives', 'partial'), { recursive: true });
    return [`Dir::State::lists=${lists}`, `Dir::Cache=${cache}`, 'APT::Sandbox::User='].flatMap((option) => ['-o', option]);
  }
}

function isInstalled(name: string): boolean {
  return spawnSync('dpkg-query', ['-W', '-f=${db:Status-Status}', name], { encoding: 'utf8' }).stdout === 'installed';
}

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', env: ENGLISH });
  if (status === 0) return stdout;
  const reason = error?.message ?? stderr.trim().split('\n').at(-1) ?? '';
  throw new Error(`${command} ${args.at(-1) ?? ''}: ${reason}`);
}
