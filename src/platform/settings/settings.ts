import { type z } from 'zod';
import { fileOf, moduleOf, noteDeclaration, noteProblem } from '../declarations/declarations';

/** Each with a description; `secret: true` in its meta lets operators mount it as a file, by `<KEY>_FILE`. */
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
export function secretSettings(): string[] {
  return all.flatMap(({ shape }) =>
    Object.entries(shape)
      .filter(([, schema]) => schema.meta()?.['secret'] === true)
      .map(([key]) => key),
  );
}
