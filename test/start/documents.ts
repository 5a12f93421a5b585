import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
/** ```sh test: the word after the language is for us. */
const FENCE = /^```(\w+) test\n(.*?)^```$/gms;

export type Block = { readonly file: string; readonly language: string; readonly code: string };

/** The blocks of a document that are meant to be run, in their order. */
export function blocksOf(file: string): Block[] {
  const found = [...readFileSync(join(ROOT, file), 'utf8').matchAll(FENCE)].map(([, language, code]) => ({
    file,
    language: language!,
    code: code!,
  }));
  if (found.length === 0) throw new Error(`${file} has no block that is marked for tests.`);
  return found;
}

/** As somebody would who pastes it into a terminal. @throws with what it printed unless it succeeds */
export function runShell({ code }: Block, env: NodeJS.ProcessEnv): string {
  return execFileSync('bash', ['-euo', 'pipefail', '-c', code], { cwd: ROOT, encoding: 'utf8', env: { ...process.env, ...env } });
}

/** A program that goes on until it is stopped. It lies in the project, where it finds its packages. */
export function startProgram({ code }: Block, env: NodeJS.ProcessEnv) {
  const folder = mkdtempSync(join(ROOT, 'node_modules/.cache/posthorn-document-'));
  writeFileSync(join(folder, 'program.mjs'), code);
  const child = spawn(process.execPath, [join(folder, 'program.mjs')], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
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
