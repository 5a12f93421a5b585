import type { Type } from '@nestjs/common';
import type { MigrationInterface } from 'typeorm';
import { callerOf, moduleOf, noteProblem } from '../declarations/declarations';

export type MigrationClass = new () => MigrationInterface;

type Manifest = {
  /** The name of its folder. Its tables are called so or begin with `<name>_`; its configuration keys begin with `<NAME>_`. */
  readonly name: string;
  /** The team that answers for it; without one it is a part of Posthorn itself, described in `docs/` and `openapi.json`. */
  readonly owner?: string;
  /** In the API and in the worker: controllers, commands, queries, observers. */
  readonly module?: Type;
  /** In the worker beside it: loops and processors. */
  readonly worker?: Type;
  /** Bull queues that its processors work, beside those of its observers. */
  readonly queues?: readonly string[];
  /** Of its tables; those of Posthorn itself are in `migrations/`. */
  readonly migrations?: readonly MigrationClass[];
  /** Headings of its routes in the description of the API, with a sentence for each. */
  readonly tags?: Readonly<Record<string, string>>;
};

export type FeatureModule = Required<Omit<Manifest, 'owner' | 'module' | 'worker'>> & Pick<Manifest, 'owner' | 'module' | 'worker'>;

const modules = new Map<string, FeatureModule>();

/** Declares a module, once, in its `index.ts`; a line in `src/modules/index.ts` makes it a part of every process. */
export function defineModule(manifest: Manifest): FeatureModule {
  const { name } = manifest;
  const file = callerOf(defineModule);
  if (moduleOf(file) !== name) noteProblem(`${file} defines the module ${name}: call it by the name of its folder.`);
  if (modules.has(name)) noteProblem(`${file} defines the module ${name} a second time. Remove one of the two.`);
  const module = { queues: [], migrations: [], tags: {}, ...manifest };
  modules.set(name, module);
  return module;
}

/** All modules. */
export function featureModules(): readonly FeatureModule[] {
  return [...modules.values()];
}

/** The modules that other teams have added to Posthorn. */
export function addedModules(): readonly FeatureModule[] {
  return featureModules().filter(({ owner }) => owner !== undefined);
}
