import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SEEN_FOLDER } from './contract-watch';

/** Shorter values may be anywhere by chance. */
const MIN_LENGTH = 10;
/** What a leak shows of its line. */
const SHOWN = 300;
const COUNTS = '.logs';

/** Names under which credentials travel, in requests and answers alike. */
const CREDENTIAL = /^(.*password|.*token|secret|clientSecret|key|recoveryCodes?)$/i;
/** What belongs to people and tenants, in requests only: answers repeat it. */
const PRIVATE = /^(email|headers|payload|rawPayload|data|metadata)$/;
/** Ids and words of ours, which logs are made of. */
const TOLD = /^(org|user|app|ep|msg|atmpt|key|sess|inv|task|evt|ptl|req)_\w+$/;

/** Of this test file: each has processes, applications and secrets of its own. What one of them writes stays together. */
const logs: string[][] = [];
const secrets = new Map<string, 'credential' | 'private'>();
let watching = false;

/** Logs of a project whose logs nobody watches are silent. */
export function watchLogs(): void {
  watching = true;
}

export const logLevel = (): string => (watching ? 'trace' : 'silent');

/** For a process or an application of a test: it logs here. */
export function newLog(): { readonly write: (text: string) => void } {
  const log: string[] = [];
  logs.push(log);
  return { write: (text) => void (watching && log.push(text)) };
}

/** This must be in no line. */
export function keepOutOfLogs(value: unknown, kind: 'credential' | 'private' = 'credential'): void {
  if (!watching || typeof value !== 'string' || value.length < MIN_LENGTH || TOLD.test(value)) return;
  if (secrets.get(value) !== 'credential') secrets.set(value, kind);
}

/** All that a request holds and its answer hands out. */
export function keepOutOfLogsWhatIsIn({ headers, body, answer }: { headers?: object; body?: unknown; answer?: unknown }): void {
  if (!watching) return;
  const { authorization, cookie } = (headers ?? {}) as { authorization?: unknown; cookie?: unknown };
  if (typeof authorization === 'string') keepOutOfLogs(authorization.replace(/^\w+ /, ''));
  if (typeof cookie === 'string') for (const pair of cookie.split('; ')) keepOutOfLogs(pair.split('=')[1]);
  walk(body, (name, value) => {
    if (name === 'url') keepOutOfLogsOfUrl(value);
    else if (CREDENTIAL.test(name)) keepOutOfLogs(value);
    else if (PRIVATE.test(name)) walk({ value }, (_, leaf) => keepOutOfLogs(leaf, 'private'));
  });
  walk(answer, (name, value) => {
    if (CREDENTIAL.test(name)) keepOutOfLogs(value);
  });
}

/** Of the URL of an endpoint: its user, its password, and its query. */
export function keepOutOfLogsOfUrl(text: unknown): void {
  if (typeof text !== 'string' || !URL.canParse(text)) return;
  const { username, password, searchParams } = new URL(text);
  for (const value of [username, password, ...searchParams.values()]) keepOutOfLogs(decodeURIComponent(value));
}

function walk(value: unknown, visit: (name: string, value: unknown) => void): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    visit(name, member);
    walk(member, visit);
  }
}

/** Lines in which something is that must not be, and forgets all of it: the next ones are others. */
export function takeLeaks(): readonly string[] {
  const text = logs.map((log) => log.splice(0).join('')).join('\n');
  // Paths are told, and callers choose what they call their things; a credential in one is a leak all the same.
  const without = text.replace(/"path":"[^"]*"/g, '');
  const leaks = [...secrets].flatMap(([secret, kind]) => {
    const where = kind === 'credential' ? text : without;
    const at = where.indexOf(JSON.stringify(secret).slice(1, -1));
    if (at < 0) return [];
    const from = where.lastIndexOf('\n', at) + 1;
    return [
      `${JSON.stringify(secret.slice(0, 40))} in ${where.slice(from, Math.min(where.indexOf('\n', at) + 1 || Infinity, from + SHOWN))}`,
    ];
  });
  note({ lines: text.split('\n').filter(Boolean).length, secrets: secrets.size });
  secrets.clear();
  return leaks;
}

type Counts = { readonly lines: number; readonly secrets: number };

function note(counts: Counts): void {
  const folder = process.env[SEEN_FOLDER];
  if (folder !== undefined && counts.lines > 0)
    appendFileSync(join(folder, `${process.env['JEST_WORKER_ID'] ?? '0'}${COUNTS}`), `${JSON.stringify(counts)}\n`);
}

/** Fails a run, after its tests, in which there was next to nothing to look at: then it proved nothing. */
export function reportUnwatched(folder: string, least: Counts): void {
  const all = readdirSync(folder, { encoding: 'utf8' })
    .filter((file) => file.endsWith(COUNTS))
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n').filter(Boolean))
    .map((line) => JSON.parse(line) as Counts);
  const sum = (of: (counts: Counts) => number) => all.reduce((total, counts) => total + of(counts), 0);
  const seen = { lines: sum((counts) => counts.lines), secrets: sum((counts) => counts.secrets) };
  console.log(`Logs: ${seen.secrets} secrets are in none of ${seen.lines} lines, or their test file has failed.`);
  if (seen.lines >= least.lines && seen.secrets >= least.secrets) return;
  console.error(`That is less than ${JSON.stringify(least)}: who watches the logs has fallen asleep.`);
  process.exitCode = 1;
}
