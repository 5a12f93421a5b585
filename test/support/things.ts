import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Caller } from './accounts';

/** How to make, as somebody of an organization, what a parameter of a path names; by the name of the parameter. @returns its id */
export type Things = Readonly<Record<string, (call: Caller) => Promise<string>>>;

const MODULES = join(__dirname, '../../src/modules');

/** Those of all added modules, each from its `testing/things.ts`. */
export function thingsOfModules(): Things {
  const files = readdirSync(MODULES).map((module) => join(MODULES, module, 'testing/things.ts'));
  const known = files.filter((file) => existsSync(file)).map((file) => jest.requireActual<{ things: Things }>(file).things);
  return Object.assign({}, ...known) as Things;
}
