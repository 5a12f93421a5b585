import { createContext, Script } from 'node:vm';
import { Ajv, type ErrorObject, type Options } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import safeRegex from 'safe-regex2';
import type { PayloadSchemas } from './domain/event-type';

/** One place of a payload that breaks its schema; `pointer` is a JSON Pointer (RFC 6901). */
export type SchemaProblem = { readonly pointer: string; readonly message: string };

/** @returns what is wrong with a payload; nothing when it fits */
export type PayloadValidator = (payload: Buffer) => SchemaProblem[];

const COMPILE_MS = 1_000;
/** A good schema takes far less than one; a hostile one must not stop the process. */
const CHECK_MS = 100;
const MAX_PROBLEMS = 50;

/** Draft 7 is what most of the schemas in the world are written in. */
const DRAFT_7 = /^https?:\/\/json-schema\.org\/draft-0[67]\/schema#?$/;
const DRAFT_2020 = /^https:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/;
const OPTIONS: Options = { strict: false, allErrors: true, logger: false, ownProperties: true };

/** Their values are data and not schemas. */
const DATA_KEYWORDS = new Set(['const', 'default', 'enum', 'example', 'examples']);

const metaSchemas = { 7: new Ajv(OPTIONS), 2020: new Ajv2020(OPTIONS) };

/** The schema that new messages are held to: the one of the highest version. */
export function latestSchema(schemas: PayloadSchemas): unknown {
  const versions = Object.keys(schemas).sort((a, b) => Number(b) - Number(a));
  return versions[0] === undefined ? true : schemas[versions[0]];
}

/** Why these cannot be stored, or null. All of them together may take a second to compile, or less. */
export function flawOfSchemas(
  schemas: PayloadSchemas,
  withinMs = COMPILE_MS,
): { readonly version: string; readonly message: string } | null {
  warmUp();
  let version = '';
  try {
    within(Math.min(COMPILE_MS, withinMs), () => {
      for (version of Object.keys(schemas)) compile(schemas[version]);
    });
    return null;
  } catch (error) {
    return { version, message: limitMessage(error) ?? (error as Error).message.slice(0, 300) };
  }
}

/** @throws when the schema cannot be compiled, which `flawOfSchemas` would have said */
export function compileSchema(schema: unknown): PayloadValidator {
  warmUp();
  const validate = within(COMPILE_MS, () => compile(schema));
  return (payload) => {
    try {
      const value = JSON.parse(payload.toString()) as unknown;
      const valid = within(CHECK_MS, () => validate(value));
      return valid ? [] : (validate.errors ?? []).slice(0, MAX_PROBLEMS).map(problem);
    } catch (error) {
      return [{ pointer: '', message: limitMessage(error) ?? 'is not JSON' }];
    }
  };
}

/** The first use of a meta-schema compiles it, which on a busy machine takes a good part of the time that a schema has. */
function warmUp(): void {
  for (const meta of Object.values(metaSchemas)) void meta.validateSchema({});
}

function compile(schema: unknown) {
  const dialect = isObject(schema) && typeof schema['$schema'] === 'string' ? schema['$schema'] : undefined;
  const at2020 = dialect === undefined || !DRAFT_7.test(dialect);
  if (at2020 && dialect !== undefined && !DRAFT_2020.test(dialect)) throw new Error('must be of JSON Schema 2020-12 or draft 7');
  if (isObject(schema)) refuseUnsafe(schema);
  const meta = metaSchemas[at2020 ? 2020 : 7];
  const plain = isObject(schema) ? withoutDialect(schema) : (schema as boolean);
  if (!meta.validateSchema(plain)) throw new Error(`is not a JSON Schema: ${meta.errorsText(meta.errors, { dataVar: 'schema' })}`);
  // An instance for each: schemas may carry ids, and those of two tenants may be the same.
  const ajv = new (at2020 ? Ajv2020 : Ajv)({ ...OPTIONS, meta: false, validateSchema: false });
  addFormats(ajv);
  return ajv.compile(plain);
}

function withoutDialect(schema: Record<string, unknown>): Record<string, unknown> {
  const plain = { ...schema };
  delete plain['$schema'];
  return plain;
}

/** Patterns that may take for ever, NUL, and the keyword that makes a validator answer with a promise. */
function refuseUnsafe(schema: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(schema)) {
    if (key.includes('\0') || (typeof value === 'string' && value.includes('\0'))) throw new Error('must not contain NUL');
    if (key === '$async') throw new Error('must not be asynchronous');
    if (key === 'pattern' && typeof value === 'string') refuseSlow(value);
    if (key === 'patternProperties' && isObject(value)) Object.keys(value).forEach(refuseSlow);
    if (DATA_KEYWORDS.has(key)) continue;
    for (const part of [value].flat()) if (isObject(part)) refuseUnsafe(part);
  }
}

function refuseSlow(pattern: string): void {
  if (!safeRegex(pattern)) throw new Error(`must not contain a pattern that can take for ever: ${pattern.slice(0, 100)}`);
}

function problem({ instancePath, message = 'breaks the schema', params }: ErrorObject): SchemaProblem {
  const { additionalProperty, unevaluatedProperty } = params as { additionalProperty?: string; unevaluatedProperty?: string };
  const extra = additionalProperty ?? unevaluatedProperty;
  return { pointer: instancePath, message: extra === undefined ? message : `${message}: ${extra.slice(0, 100)}` };
}

function limitMessage(error: unknown): string | null {
  if ((error as { code?: string }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return 'takes too long to check';
  return error instanceof RangeError ? 'is nested too deeply to be checked' : null;
}

const sandbox = createContext({});
const script = new Script('work()');

/** Only an interpreter that is told so can be stopped in the middle of a loop, or of a regular expression. */
export function within<T>(timeout: number, work: () => T): T {
  sandbox['work'] = work;
  return script.runInContext(sandbox, { timeout }) as T;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
