import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as generation2 from 'svix';
import * as generation1 from 'svix-v1';

/** A method of an official client, as it is written: `endpoint.getStats`. */
export type Call = { readonly client: 'svix 1.99.1' | 'svix 2.5.0'; readonly method: string };

export const CALLS_FILE = 'official-clients.calls';

const CLIENTS = { 'svix 1.99.1': generation1.Svix, 'svix 2.5.0': generation2.Svix } as const;

/** Other products than webhooks to customers, and what is not there yet: docs/decisions.md. All the rest is due. */
const NOT_OFFERED = [
  /^(ingest|streaming|connector|integration|destination|autoconfigSubscription)\./,
  /^authentication\.(stream|getStream|rotateStream)/,
  /^message\.poller\./,
];

/** What a client can do, in the parts of it that are offered. */
export function methodsDue(client: Call['client']): Call[] {
  const methods = methodsOf(new CLIENTS[client]('none', { serverUrl: 'http://127.0.0.1' }));
  return methods.filter((method) => !NOT_OFFERED.some((part) => part.test(method))).map((method) => ({ client, method }));
}

/** Read off the client itself: resources are members of it, and of each other, that only have a getter. */
function methodsOf(resource: object, path = ''): string[] {
  const members = Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(resource) as object));
  return members.flatMap(([name, { value, get }]) => {
    if (name === 'constructor' || name.startsWith('_')) return [];
    if (typeof value === 'function') return [path + name];
    return get ? methodsOf(Reflect.get(resource, name) as object, `${path}${name}.`) : [];
  });
}

/** What no test has seen succeed. */
export function uncalled(calls: readonly Call[]): string[] {
  const made = new Set(calls.map(({ client, method }) => `${client}: ${method}`));
  const due = [...methodsDue('svix 1.99.1'), ...methodsDue('svix 2.5.0')].map(({ client, method }) => `${client}: ${method}`);
  return due.filter((call) => !made.has(call));
}

/** Fails the run, after its tests: a method that no test has called with success. */
export function reportUncalled(folder: string): void {
  const lines = readFileSync(join(folder, CALLS_FILE), { encoding: 'utf8', flag: 'a+' }).split('\n').filter(Boolean);
  const missing = uncalled(lines.map((line) => JSON.parse(line) as Call));
  if (missing.length === 0) return;
  console.error(`Methods of official clients that no test called with success:\n${missing.join('\n')}`);
  process.exitCode = 1;
}
