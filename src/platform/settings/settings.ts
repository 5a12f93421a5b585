import { type z } from 'zod';
import { fileOf, moduleOf, noteDeclaration, noteProblem } from '../declarations/declarations';

/** Whose work a configuration key changes. */
export type Reader = 'all' | 'API' | 'worker' | 'queues' | 'doctor' | 'migrations';

declare module 'zod' {
  /** What a configuration key tells of itself, beside its `description`. */
  interface GlobalMeta {
    /** Lets operators mount it as a file, by `<KEY>_FILE`. */
    readonly secret?: boolean;
    /** What it may be, where the schema does not say it. */
    readonly values?: string;
    /** Where it is not that of its neighbours. */
    readonly readBy?: readonly Reader[];
    /** For one that must be set. */
    readonly example?: string;
    /** The command that makes one. */
    readonly make?: string;
  }
}

/** Each with a description in its meta. */
export type SettingsShape = Readonly<Record<string, z.ZodType>>;

/** Configuration keys of a module: environment variables, read and checked at start with all others. */
export type Settings<Shape extends SettingsShape = SettingsShape> = {
  readonly shape: Shape;
  /** Dependency injection token of the values. */
  readonly token: symbol;
};

export type SettingsOf<S extends Settings> = z.output<z.ZodObject<S['shape']>>;

const all: Settings[] = [];

/** Declares the configuration keys of a module, once; their values are injected by `token`. */
export function defineSettings<Shape extends SettingsShape>(shape: Shape): Settings<Shape> {
  for (const [key, schema] of Object.entries(shape)) {
    noteDeclaration('configuration key', key, defineSettings);
    const file = fileOf('configuration key', key);
    const prefix = `${moduleOf(file)?.replaceAll('-', '_').toUpperCase() ?? 'MODULE'}_`;
    if (!key.startsWith(prefix)) noteProblem(`${file} declares the configuration key ${key}: let it begin with ${prefix}`);
    if (!schema.meta()?.description)
      noteProblem(`${file} declares the configuration key ${key} without saying what for: add .meta({ description }).`);
  }
  const settings = { shape, token: Symbol(Object.keys(shape).join()) };
  all.push(settings);
  return settings;
}

/** All that are declared. */
export function declaredSettings(): readonly Settings[] {
  return all;
}

/** Names of those that may be mounted as files. */
export function secretsOf(shape: SettingsShape): string[] {
  return Object.entries(shape)
    .filter(([, schema]) => schema.meta()?.secret === true)
    .map(([key]) => key);
}
