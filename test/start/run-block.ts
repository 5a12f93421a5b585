import { transformSync } from '@swc/core';
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

/** @throws unless it succeeds */
export function runProgram(block: Block, env: NodeJS.ProcessEnv): string {
  const program = writeProgram(block);
  try {
    return execFileSync(process.execPath, [program.file], { encoding: 'utf8', env: { ...process.env, ...env } });
  } finally {
    program.remove();
  }
}

/** A program that goes on until it is stopped. */
export function startProgram(block: Block, env: NodeJS.ProcessEnv) {
  const program = writeProgram(block);
  const child = spawn(process.execPath, [program.file], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
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
      program.remove();
    },
  };
}

/** It lies in the project, where it finds its packages. Node 20 reads no types, so they are left out. */
function writeProgram({ language, text }: Block) {
  const folder = mkdtempSync(join(ROOT, 'node_modules/.cache/posthorn-document-'));
  const file = join(folder, 'program.mjs');
  const options = {
    swcrc: false,
    configFile: false,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'es6' },
  } as const;
  writeFileSync(file, language === 'ts' ? transformSync(text, options).code : text);
  return {
    file,
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}
