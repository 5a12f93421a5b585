import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import * as generation2 from 'svix';
import * as generation1 from 'svix-v1';
import { SEEN_FOLDER } from './seen-folder';
import { type Call, CALLS_FILE } from './sdk-coverage';

type Construction<Client extends object> = new (...args: never[]) => Client;

/** The official clients as they are, except that it is written down which of their methods succeeded. */
export const Svix1 = recorded('svix 1.99.1', generation1.Svix);
export type Svix1 = generation1.Svix;
export const Svix2 = recorded('svix 2.5.0', generation2.Svix);
export type Svix2 = generation2.Svix;

const calls = new Set<string>();

export function hasCalled(call: Call): boolean {
  return calls.has(JSON.stringify(call));
}

function recorded<Constructor extends Construction<object>>(client: Call['client'], constructor: Constructor): Constructor {
  return new Proxy(constructor, {
    construct: (target, args, self) => watched(Reflect.construct(target, args, self) as object, client, ''),
  });
}

/** Resources of a client are members of it, and of each other. */
function watched<Resource extends object>(resource: Resource, client: Call['client'], path: string): Resource {
  return new Proxy(resource, {
    get(target, name) {
      // Not of the proxy: private fields of a class are of the object itself.
      const member: unknown = Reflect.get(target, name, target);
      if (typeof name === 'symbol' || name.startsWith('_')) return member;
      if (typeof member === 'function') return called(member.bind(target) as Method, { client, method: path + name });
      return typeof member === 'object' && member !== null ? watched(member, client, `${path}${name}.`) : member;
    },
  });
}

type Method = (...args: unknown[]) => unknown;

function called(method: Method, call: Call): Method {
  return (...args) => {
    const answer = method(...args);
    void Promise.resolve(answer).then(
      () => write(call),
      () => undefined,
    );
    return answer;
  };
}

function write(call: Call): void {
  const line = JSON.stringify(call);
  if (calls.has(line)) return;
  calls.add(line);
  const folder = process.env[SEEN_FOLDER];
  if (folder !== undefined) appendFileSync(join(folder, CALLS_FILE), `${line}\n`);
}
