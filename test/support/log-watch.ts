import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SEEN_FOLDER } from './seen-folder';

/** Shorter values, and those of hardly any characters, may be anywhere by chance. */
const MIN_LENGTH = 10;
const MIN_CHARACTERS = 6;
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
  if (new Set(value.slice(0, 100)).size < MIN_CHARACTERS) return;
  if (secrets.get(value) !== 'credential') secrets.set(value, kind);
}

/** All that a request holds and its answer hands out. */
export function keepOutOfLogsWhatIsIn({ headers, body, answer }: { headers?: object; body?: unknown; answer?: unknown }): void {
  if (!watching) return;
  const { authorization, cookie } = (headers ?? {}) as { authorization?: unknown; cookie?: unknown };
  if (typeof authorization === 'string') keepOutOfLogs(authorization.replace(/^\w+ /, ''));
  if (typeof cookie === 'string') for (const pair of cookie.split('; ')) keepOutOfLogs(pair.split('=')[1]);
  walk(body, (name, value, within) => {
    if (name === 'url') keepOutOfLogsOfUrl(value);
    if (CREDENTIAL.test(name)) keepOutOfLogs(value);
    else if (within || PRIVATE.test(name)) keepOutOfLogs(value, 'private');
  });
  walk(answer, (name, value) => {
    if (CREDENTIAL.test(name)) keepOutOfLogs(value);
  });
}

/** Of the URL of an endpoint: its user, its password, and its query. */
function keepOutOfLogsOfUrl(text: unknown): void {
  if (typeof text !== 'string' || !URL.canParse(text)) return;
  const { username, password, searchParams } = new URL(text);
  for (const value of [username, password, ...searchParams.values()]) keepOutOfLogs(value);
}

/** However deep it is: without calls of itself. `within` something private or not. */
function walk(root: unknown, visit: (name: string, value: unknown, within: boolean) => void): void {
  const left = [{ value: root, within: false }];
  for (let next = left.pop(); next; next = left.pop()) {
    const { value, within } = next;
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, member] of Object.entries(value)) {
      visit(name, member, within);
      left.push({ value: member, within: within || PRIVATE.test(name) });
    }
  }
}

/** Lines in which something is that must not be, and forgets all of it: the next ones are others. */
export function takeLeaks(): readonly string[] {
  const text = logs.map((log) => log.splice(0).join('')).join('\n');
  // Paths are told, and callers choose what they call their things; a credential in one is a leak all the same.
  const leaks = [...leaksIn(text, 'credential'), ...leaksIn(text.replace(/"path":"[^"]*"/g, ''), 'private')];
  note({ lines: text.split('\n').filter(Boolean).length, secrets: secrets.size });
  secrets.clear();
  return leaks;
}

/** One pass over the text, however many secrets there are. */
function leaksIn(text: string, kind: 'credential' | 'private'): string[] {
  const byStart = new Map<string, string[]>();
  for (const [secret, ofKind] of secrets) {
    if (ofKind !== kind) continue;
    const written = JSON.stringify(secret).slice(1, -1);
    const start = written.slice(0, MIN_LENGTH);
    byStart.set(start, [...(byStart.get(start) ?? []), written]);
  }
  const leaks = new Map<string, string>();
  for (let at = 0; byStart.size > 0 && at <= text.length - MIN_LENGTH; at++) {
    for (const written of byStart.get(text.slice(at, at + MIN_LENGTH)) ?? []) {
      if (leaks.has(written) || !text.startsWith(written, at)) continue;
      const from = text.lastIndexOf('\n', at) + 1;
      leaks.set(written, `${JSON.stringify(written.slice(0, 40))} in ${text.slice(from, from + SHOWN).split('\n', 1)[0]!}`);
    }
  }
  return [...leaks.values()];
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
