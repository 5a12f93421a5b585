import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { TestApp } from './app';

type Schema = { [keyword: string]: unknown };
type Responses = Record<string, { $ref?: string; content?: Record<string, { schema: Schema }> }>;
export type Operation = {
  operationId?: string;
  summary?: string;
  tags?: string[];
  security?: object[];
  parameters?: { name: string; in: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema; example?: unknown }> };
  responses: Responses;
};
export type Description = {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; responses: Responses };
};

export type Answer = { readonly statusCode: number; readonly headers: Readonly<Record<string, unknown>>; readonly body: string };

/** What the API says of itself. */
export async function descriptionOf(app: Pick<TestApp, 'http'>): Promise<Description> {
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

/**
 * Holds answers to the OpenAPI document: known status, known content type, a body of its schema, and no field that the
 * document does not know.
 */
export function contractOf(description: Description) {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  addFormats(ajv);
  ajv.addSchema({ ...(closed(description) as object), $id: 'openapi' });
  const validators = new Map<string, ValidateFunction>();
  const operations = operationsOf(description).map((each) => ({ ...each, pattern: patternOf(each.path) }));

  return {
    /** @param url as it was requested @throws with everything that is wrong */
    check(method: string, url: string, { statusCode, headers, body }: Answer): void {
      const path = url.split('?')[0]!.replace(/\/$/, '');
      const found = operations.find((each) => each.method === method && each.pattern.test(path));
      const where = `${method} ${path} ${statusCode}`;
      if (!found) throw new Error(`${where}: not in the OpenAPI document.`);
      const key = [String(statusCode), `${String(statusCode)[0]!}XX`, 'default'].find((code) => code in found.operation.responses);
      const given = found.operation.responses[key ?? ''];
      const ref = given?.$ref?.split('/').at(-1);
      const content = (ref === undefined ? given : description.components.responses[ref])?.content;
      if (!content) {
        if (body !== '') throw new Error(`${where}: a body where none is described.`);
        return;
      }
      const type = String(headers['content-type']).split(';')[0]!;
      if (!(type in content)) throw new Error(`${where}: answers ${type}, described is ${Object.keys(content).join()}.`);
      const at = ref === undefined ? ['paths', found.path, method.toLowerCase(), 'responses', key!] : ['components', 'responses', ref];
      const pointer = [...at, 'content', type, 'schema'].map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/');
      const validate = validators.get(pointer) ?? ajv.compile({ $ref: `openapi#/${pointer.split('/').map(encodeURIComponent).join('/')}` });
      validators.set(pointer, validate);
      if (!validate(JSON.parse(body))) throw new Error(`${where}: ${ajv.errorsText(validate.errors)}\n${body.slice(0, 500)}`);
    },
  };
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
