import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Block } from '../support/document';

const ROOT = join(__dirname, '../..');

/** As somebody would who pastes it into a terminal. @throws with what it printed unless it succeeds */
export function runShell({ text }: Block, env: NodeJS.ProcessEnv): string {
  return execFileSync('bash', ['-euo', 'pipefail', '-c', text], { cwd: ROOT, encoding: 'utf8', env: { ...process.env, ...env } });
}

/** A program that goes on until it is stopped. It lies in the project, where it finds its packages. */
export function startProgram({ text }: Block, env: NodeJS.ProcessEnv) {
  const folder = mkdtempSync(join(ROOT, 'node_modules/.cache/posthorn-document-'));
  writeFileSync(join(folder, 'program.mjs'), text);
  const child = spawn(process.execPath, [join(folder, 'program.mjs')], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (line: string) => (output += line));
  return {
    get output() {
      return output;
    },
    async stop(): Promise<void> {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}
