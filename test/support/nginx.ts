import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { distributionProgram } from './distribution-program';

const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/** The distribution's nginx with one file of `conf.d`, which it must find good. */
export function nginxWith(site: string) {
  const { program, env } = distributionProgram(['nginx'], 'usr/sbin/nginx');
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-nginx-'));
  mkdirSync(join(folder, 'temp'));
  writeFileSync(join(folder, 'posthorn.conf'), site);
  const configuration = [
    'daemon off;',
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    'worker_processes 1;',
    'pid nginx.pid;',
    'error_log stderr warn;',
    'events {}',
    'http {',
    '  access_log off;',
    ...TEMPORARY.map((name) => `  ${name}_temp_path temp/${name};`),
    '  include posthorn.conf;',
    '}',
  ];
  writeFileSync(join(folder, 'nginx.conf'), configuration.join('\n'));
  const args = ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'];
  const checked = spawnSync(program, [...args, '-t'], { env, encoding: 'utf8' });
  if (checked.status !== 0) throw new Error(`nginx refuses its configuration:\n${checked.stderr}`);
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    remove,
    start() {
      const child = spawn(program, args, { env, stdio: 'ignore' });
      const exited = once(child, 'exit');
      return {
        async stop(): Promise<void> {
          child.kill('SIGTERM');
          await exited;
          remove();
        },
      };
    },
  };
}
