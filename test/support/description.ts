import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

type Schema = { [keyword: string]: unknown };
type Responses = Record<string, { $ref?: string; description?: string; content?: Record<string, { schema: Schema; example?: unknown }> }>;
export type Operation = {
  operationId?: string;
  summary?: string;
  tags?: string[];
  security?: object[];
  parameters?: { name: string; in: string; description?: string; schema: Schema; example?: unknown }[];
  requestBody?: { content: Record<string, { schema: Schema; example?: unknown }> };
  responses: Responses;
};
export type Description = {
  openapi: string;
  tags: { name: string; description?: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; responses: Responses };
};

export type Answer = { readonly statusCode: number; readonly headers: Readonly<Record<string, unknown>>; readonly body: string };

const ROOT = join(__dirname, '../..');
const MODULES = join(ROOT, 'src/modules');

/** What is committed of it: `openapi.json`, and what added modules have in their folders. */
export function committedDescription(): Description {
  const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Description;
  const whole = read(join(ROOT, 'openapi.json'));
  const files = readdirSync(MODULES).map((module) => join(MODULES, module, 'openapi.json'));
  for (const { tags, paths, components } of files.filter((file) => existsSync(file)).map(read)) {
    whole.tags.push(...tags);
    for (const [path, operations] of Object.entries(paths)) whole.paths[path] = { ...whole.paths[path], ...operations };
    Object.assign(whole.components.schemas, components.schemas);
  }
  return whole;
}

/** What the API says of itself. */
export async function descriptionOf(app: { readonly http: NestFastifyApplication }): Promise<Description> {
  return (await app.http.inject('/api/v1/openapi.json')).json();
}

export function operationsOf({ paths }: Description) {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

/** Of the JSON body of an operation, in full. */
export function bodySchemaOf({ components }: Description, { requestBody }: Operation): Schema | undefined {
  const schema = requestBody?.content['application/json']?.schema;
  const name = typeof schema?.['$ref'] === 'string' ? schema['$ref'].split('/').at(-1) : undefined;
  return name === undefined ? schema : components.schemas[name];
}

/** Answers to what the document does not name: pages, `/docs`, health, and refusals of paths that are none. */
const UNDESCRIBED: Responses = { default: { $ref: '#/components/responses/Problem' } };

export type Verdict = { readonly operationId?: string | undefined; readonly flaw?: string | undefined };

/**
 * Holds answers to the OpenAPI document: known operation, known status, known content type, a body of its schema, and no field
 * that the document does not know.
 */
export function contractOf(description: Description) {
  const flawAt = schemaChecker(closed(description) as Description);
  // The router too prefers a literal part to a parameter.
  const operations = operationsOf(description)
    .map((each) => ({ ...each, pattern: patternOf(each.path), parameters: each.path.split('{').length }))
    .sort((one, other) => one.parameters - other.parameters);

  function flawOf(responses: Responses, at: readonly string[], { statusCode, headers, body }: Answer): string | undefined {
    const key = [String(statusCode), `${String(statusCode)[0]!}XX`, 'default'].find((code) => code in responses);
    if (key === undefined) return 'not described';
    const ref = responses[key]?.$ref?.split('/').at(-1);
    const content = (ref === undefined ? responses[key] : description.components.responses[ref])?.content;
    if (!content) return body === '' ? undefined : 'a body where none is described';
    const type = String(headers['content-type']).split(';')[0]!;
    if (!(type in content)) return `answers ${type}, described is ${Object.keys(content).join()}`;
    const place = ref === undefined ? [...at, key] : ['components', 'responses', ref];
    const value = parsed(body);
    const flaw = value === undefined ? 'is no JSON' : flawAt([...place, 'content', type, 'schema'], value);
    return flaw && `${flaw}\n${body.slice(0, 500)}`;
  }

  return {
    /** @param url as it was requested, or as the router names it */
    judge(method: string, url: string, answer: Answer): Verdict {
      const path = url.split('?')[0]!.replace(/\/$/, '');
      const found = operations.find((each) => each.method === method && each.pattern.test(path));
      if (found) {
        const { operationId, responses } = found.operation;
        return { operationId, flaw: flawOf(responses, ['paths', found.path, method.toLowerCase(), 'responses'], answer) };
      }
      const ours = path.startsWith('/api/v1/') && path !== '/api/v1/openapi.json';
      if (answer.statusCode >= 400) return { flaw: ours || answer.statusCode < 500 ? flawOf(UNDESCRIBED, [], answer) : undefined };
      return { flaw: ours && answer.statusCode < 300 ? 'not in the OpenAPI document' : undefined };
    },
    /** @throws with everything that is wrong */
    check(method: string, url: string, answer: Answer): void {
      const { operationId, flaw } = this.judge(method, url, answer);
      const where = `${method} ${url} ${answer.statusCode}`;
      if (flaw !== undefined) throw new Error(`${where}: ${flaw}.`);
      if (operationId === undefined) throw new Error(`${where}: not in the OpenAPI document.`);
    },
  };
}

/** Holds values to schemas of the document, each named by the path to it. */
export function schemaChecker(description: Description): (place: readonly string[], value: unknown) => string | undefined {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  addFormats(ajv);
  ajv.addSchema({ ...description, $id: 'openapi' });
  const validators = new Map<string, ValidateFunction>();
  return (place, value) => {
    const pointer = place.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
    const validate = validators.get(pointer) ?? ajv.compile({ $ref: `openapi#/${pointer}` });
    validators.set(pointer, validate);
    return validate(value) ? undefined : ajv.errorsText(validate.errors);
  };
}

/** Undefined when it is no JSON. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`);
}

/** Objects of known fields, and of no other. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy: Schema = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return copy['type'] === 'object' && typeof copy['properties'] === 'object' ? { additionalProperties: false, ...copy } : copy;
}
