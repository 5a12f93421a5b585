import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { atMost, type Bar } from './bar';

const SCRIPT = join(__dirname, '../../../scripts/test.mjs');

/** B6: secrets that are readable in PostgreSQL, on its disk, in Redis or in a log, as `canary.fault-spec.ts` finds them. */
export async function canaries(): Promise<Bar[]> {
  const child = spawn(process.execPath, [SCRIPT, '--project', 'faults', 'canary'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [[code], ...output] = await Promise.all([once(child, 'exit') as Promise<[number | null]>, text(child.stdout), text(child.stderr)]);
  if (code !== 0) console.error(output.join('\n'));
  return [atMost('B6', 'searches for planted secrets that found one', { measured: code === 0 ? 0 : 1, limit: 0 })];
}
