import { parse } from 'yaml';
import { InvalidField } from '../../../platform/errors/domain-error';
import { within } from './payload-schema';

type Loc = readonly (string | number)[];
type Node = Readonly<Record<string, unknown>>;

/** What a document says of one webhook; not checked yet, and undefined where it says nothing. */
export type DescribedWebhook = {
  readonly loc: Loc;
  readonly eventType: {
    readonly name: string;
    readonly description: string;
    readonly deprecated: boolean;
    readonly schemas: Readonly<Record<string, unknown>> | null;
    readonly groupName: unknown;
    readonly featureFlags: unknown;
  };
};

const PARSE_MS = 2_000;
/** Of a document with all aliases of YAML written out. */
const MAX_CHARACTERS = 8_388_608;
const MAX_DEPTH = 200;
export const MAX_WEBHOOKS = 1_000;
const MAX_SCHEMA_BYTES = 262_144;
/** Of all webhooks: each gets a copy of what it shares with others. */
const MAX_TOTAL_BYTES = 8_388_608;

const METHODS = ['post', 'put', 'patch', 'get', 'delete', 'options', 'head', 'trace'];
/** Their values are schemas by name. */
const MAPS = new Set(['properties', 'patternProperties', 'dependentSchemas', 'definitions']);
/** Their values are data. */
const DATA = new Set(['const', 'default', 'enum', 'examples', 'required']);
/** Of no use in a schema that stands alone, or misleading: `$id` would change what the references mean. */
const DROPPED = new Set(['$defs', '$id', '$schema', 'discriminator', 'externalDocs', 'xml']);

/** YAML or JSON. @throws InvalidField at `loc` */
export function parseDocument(text: string, loc: Loc): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return parseYaml(text, loc);
  }
}

function parseYaml(text: string, loc: Loc): unknown {
  try {
    return within(PARSE_MS, () => parse(text, { merge: true, logLevel: 'error' }) as unknown);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw new InvalidField(loc, 'takes too long to parse');
    const reason = error instanceof RangeError ? 'it is nested too deeply' : (message.split('\n', 1)[0] ?? '').replace(/:$/, '');
    throw new InvalidField(loc, `is neither JSON nor YAML: ${reason.slice(0, 200)}`);
  }
}

/**
 * The webhooks of an OpenAPI document, 3.0 or 3.1, with schemas that stand alone: what they refer to inside the document comes
 * along as `$defs`. Nothing is ever fetched. @throws InvalidField
 */
export function webhooksOf(given: unknown, loc: Loc): DescribedWebhook[] {
  const document = plain(given, loc);
  if (!isNode(document)) throw new InvalidField(loc, 'must be an OpenAPI document: an object');
  const version = document['openapi'];
  if (typeof version !== 'string' || !/^3\.[012](\.|$)/.test(version))
    throw new InvalidField([...loc, 'openapi'], 'must be the version of an OpenAPI document, 3.0 or 3.1');
  const sections = ['webhooks', 'x-webhooks'].filter((section) => document[section] !== undefined);
  if (sections.length === 0) throw new InvalidField([...loc, 'webhooks'], 'is missing, and so is x-webhooks');
  const found = sections.flatMap((section) => {
    const webhooks = document[section];
    if (!isNode(webhooks)) throw new InvalidField([...loc, section], 'must be an object of webhooks by name');
    return Object.entries(webhooks).map(([name, item]) => ({ name, item, at: [...loc, section, name.slice(0, 300)] }));
  });
  if (found.length > MAX_WEBHOOKS) throw new InvalidField([...loc, 'webhooks'], `must not be more than ${MAX_WEBHOOKS} webhooks at a time`);
  const bundler = new Bundler(document, version.startsWith('3.0'));
  return found.map(({ name, item, at }) => ({ loc: at, eventType: described(name, item, bundler, at) }));
}

function described(name: string, given: unknown, bundler: Bundler, loc: Loc): DescribedWebhook['eventType'] {
  const item = bundler.followed(given, loc);
  const operation = METHODS.map((method) => item[method]).find(isNode);
  if (!operation) throw new InvalidField(loc, 'has no operation: `post` is where the payload is described');
  const text = [operation['description'], item['description'], operation['summary'], item['summary']].find(
    (each) => typeof each === 'string' && each !== '',
  );
  const extension = (key: string) => operation[key] ?? item[key] ?? undefined;
  const flag = extension('x-svix-feature-flag');
  return {
    name,
    description: typeof text === 'string' ? text : '',
    deprecated: operation['deprecated'] === true,
    schemas: schemasOf(operation, bundler, loc),
    groupName: extension('x-svix-group-name'),
    featureFlags: extension('x-svix-feature-flags') ?? (flag === undefined ? undefined : [flag]),
  };
}

function schemasOf({ requestBody }: Node, bundler: Bundler, loc: Loc): DescribedWebhook['eventType']['schemas'] {
  if (requestBody === undefined) return null;
  const { content } = bundler.followed(requestBody, [...loc, 'requestBody']);
  if (!isNode(content)) return null;
  const media = Object.entries(content).find(([type]) => /[/+]json\b/i.test(type))?.[1] ?? content['*/*'];
  if (!isNode(media) || media['schema'] === undefined) return null;
  const schema = bundler.standalone(media['schema'], [...loc, 'requestBody']);
  const [example] = isNode(media['examples']) ? Object.values(media['examples']) : [];
  const shown = media['example'] ?? (isNode(example) ? example['value'] : undefined);
  return { 1: isNode(schema) && schema['examples'] === undefined && shown !== undefined ? { ...schema, examples: [shown] } : schema };
}

type Definition = { readonly name: string; readonly schema: unknown; readonly bytes: number; readonly uses: ReadonlySet<string> };

/** Makes schemas of a document stand alone. */
class Bundler {
  private readonly definitions = new Map<string, Definition>();
  /** By pointer; the values are unique. */
  private readonly names = new Map<string, string>();
  private readonly taken = new Set<string>();
  private total = 0;

  constructor(
    private readonly document: Node,
    /** 3.0 has a dialect of JSON Schema of its own. */
    private readonly old: boolean,
  ) {}

  /** @returns the object, or the one that it refers to */
  followed(value: unknown, loc: Loc): Node {
    const found = this.target(value, loc).value;
    if (!isNode(found)) throw new InvalidField(loc, 'must be an object');
    return found;
  }

  standalone(given: unknown, loc: Loc): unknown {
    const uses = new Set<string>();
    const schema = this.converted(this.target(given, loc).value, uses, loc);
    if (!isNode(schema)) return schema;
    const needed = new Set<string>();
    let bytes = sizeOf(schema);
    for (const open = [...uses]; open.length > 0;) {
      const pointer = open.pop() ?? '';
      if (needed.has(pointer)) continue;
      needed.add(pointer);
      const definition = this.definition(pointer, loc);
      bytes += definition.bytes;
      open.push(...definition.uses);
    }
    if (bytes > MAX_SCHEMA_BYTES)
      throw new InvalidField([...loc, 'schema'], `must not be larger than ${MAX_SCHEMA_BYTES} bytes of JSON with all that it refers to`);
    if ((this.total += bytes) > MAX_TOTAL_BYTES)
      throw new InvalidField([...loc, 'schema'], `makes all schemas together larger than ${MAX_TOTAL_BYTES} bytes of JSON`);
    if (needed.size === 0) return schema;
    const definitions = [...needed].map((pointer) => this.definition(pointer, loc)).map(({ name, schema: each }) => [name, each]);
    return { ...schema, $defs: Object.fromEntries(definitions) as Node };
  }

  /** What a value is, or what it refers to in the end; the pointer is that of the last reference. */
  private target(given: unknown, loc: Loc): { value: unknown; pointer: string | null } {
    let [value, pointer] = [given, null as string | null];
    for (const seen = new Set<string>(); isNode(value) && typeof value['$ref'] === 'string' && isOnlyReference(value, this.old);) {
      pointer = value['$ref'];
      if (seen.has(pointer)) throw new InvalidField(loc, `refers to itself: ${shown(pointer)}`);
      seen.add(pointer);
      value = this.at(pointer, loc);
    }
    return { value, pointer };
  }

  private at(pointer: string, loc: Loc): unknown {
    if (!pointer.startsWith('#'))
      throw new InvalidField(loc, `must not refer to another document, which would not be fetched: ${shown(pointer)}`);
    if (pointer !== '#' && !pointer.startsWith('#/')) throw new InvalidField(loc, `must refer by a JSON Pointer: ${shown(pointer)}`);
    let value: unknown = this.document;
    for (const part of pointer.split('/').slice(1)) {
      const key = decoded(part).replaceAll('~1', '/').replaceAll('~0', '~');
      value = (isNode(value) || Array.isArray(value)) && Object.hasOwn(value, key) ? (value as Node)[key] : undefined;
    }
    if (value === undefined) throw new InvalidField(loc, `refers to what is not there: ${shown(pointer)}`);
    return value;
  }

  private definition(pointer: string, loc: Loc): Definition {
    const known = this.definitions.get(pointer);
    if (known) return known;
    const [uses, name] = [new Set<string>(), this.nameOf(pointer)];
    const schema = this.converted(this.at(pointer, loc), uses, loc);
    const definition = { name, schema, bytes: sizeOf(schema) + name.length, uses };
    this.definitions.set(pointer, definition);
    return definition;
  }

  private nameOf(pointer: string): string {
    const known = this.names.get(pointer);
    if (known !== undefined) return known;
    const base = pointer.slice(pointer.lastIndexOf('/') + 1).replaceAll(/[^\w.-]/g, '_') || '_';
    let name = base;
    for (let count = 2; this.taken.has(name); count++) name = `${base}_${count}`;
    this.taken.add(name);
    this.names.set(pointer, name);
    return name;
  }

  /** As JSON Schema 2020-12, with references into `$defs`. */
  private converted(schema: unknown, uses: Set<string>, loc: Loc): unknown {
    if (Array.isArray(schema)) return schema.map((each) => this.converted(each, uses, loc));
    if (!isNode(schema)) return schema;
    const entries = Object.entries(schema).flatMap(([key, value]): [string, unknown][] => {
      if (key === '$ref' && typeof value === 'string') return [[key, this.reference(schema, uses, loc)]];
      if (DROPPED.has(key) || (this.old && typeof schema['$ref'] === 'string')) return [];
      if (DATA.has(key)) return [[key, value]];
      if (key === 'example') return schema['examples'] === undefined ? [['examples', [value]]] : [];
      if (MAPS.has(key) && isNode(value)) return [[key, mapped(value, (each) => this.converted(each, uses, loc))]];
      return [[key, this.converted(value, uses, loc)]];
    });
    const plainSchema = Object.fromEntries(entries) as Node;
    return this.old ? modernized(plainSchema) : plainSchema;
  }

  private reference(schema: Node, uses: Set<string>, loc: Loc): string {
    const pointer = this.target({ $ref: schema['$ref'] }, loc).pointer ?? '';
    uses.add(pointer);
    return `#/$defs/${this.nameOf(pointer)}`;
  }
}

/** What 3.0 says in words of its own. */
function modernized({ nullable, ...schema }: Node): Node {
  const entries = Object.entries(schema).flatMap(([key, value]): [string, unknown][] => {
    for (const [bound, exclusive] of BOUNDS) {
      if (key === bound && schema[exclusive] === true) return [];
      if (key === exclusive && typeof value === 'boolean') return value && schema[bound] !== undefined ? [[exclusive, schema[bound]]] : [];
    }
    return [[key, value]];
  });
  const modern = Object.fromEntries(entries) as Node;
  if (nullable !== true) return modern;
  if (typeof modern['type'] === 'string') return { ...modern, type: [modern['type'], 'null'] };
  return { anyOf: [modern, { type: 'null' }] };
}

const BOUNDS = [
  ['minimum', 'exclusiveMinimum'],
  ['maximum', 'exclusiveMaximum'],
] as const;

/** A reference, and nothing that would be lost with it. */
function isOnlyReference(value: Node, old: boolean): boolean {
  return old || Object.keys(value).every((key) => key === '$ref' || key === 'description' || key === 'summary');
}

/** A tree of JSON: YAML may share nodes, or make a circle of them, and a few letters of it can stand for gigabytes. @throws InvalidField */
function plain(given: unknown, loc: Loc): unknown {
  let left = MAX_CHARACTERS;
  const spend = (characters: number) => {
    if ((left -= characters) < 0) throw new InvalidField(loc, `must not be larger than ${MAX_CHARACTERS} characters, aliases written out`);
  };
  const copy = (value: unknown, depth: number): unknown => {
    if (depth > MAX_DEPTH) throw new InvalidField(loc, `must not be nested deeper than ${MAX_DEPTH} levels`);
    if (typeof value === 'string') spend(value.length);
    spend(1);
    if (Array.isArray(value)) return value.map((each) => copy(each, depth + 1));
    if (isNode(value)) {
      return mapped(value, (each, key) => {
        spend(key.length);
        return copy(each, depth + 1);
      });
    }
    if (typeof value === 'bigint') return Number(value);
    return typeof value === 'number' && !Number.isFinite(value) ? null : value;
  };
  return copy(given, 0);
}

const mapped = (node: Node, to: (value: unknown, key: string) => unknown): Node =>
  Object.fromEntries(Object.entries(node).map(([key, value]) => [key, to(value, key)]));

const sizeOf = (schema: unknown) => Buffer.byteLength(JSON.stringify(schema));

const shown = (pointer: string) => pointer.slice(0, 200);

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
