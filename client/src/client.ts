import createFetchClient from 'openapi-fetch';
import { OPERATIONS } from './generated/operations.js';
import type { operations, paths } from './generated/schema.js';
import { type Problem, PosthornError } from './problem.js';
import { type RetryOptions, retrying } from './retry.js';

export type OperationId = keyof typeof OPERATIONS & keyof operations;

type Json<Described> = Described extends { content: { 'application/json': infer Body } } ? Body : never;
type Answers<Responses> = { [Status in keyof Responses & (200 | 201 | 202)]: Json<Responses[Status]> }[keyof Responses & (200 | 201 | 202)];
type Given<Name extends string, Value> = [Value] extends [never]
  ? object
  : undefined extends Value
    ? { readonly [Key in Name]?: Exclude<Value, undefined> }
    : { readonly [Key in Name]: Value };
type Part<Id extends OperationId, Place extends 'path' | 'query'> = operations[Id]['parameters'] extends { [Key in Place]?: infer Value }
  ? operations[Id]['parameters'] extends { [Key in Place]: unknown }
    ? Exclude<Value, undefined>
    : Exclude<Value, undefined> extends never
      ? never
      : Value | undefined
  : never;
type Body<Id extends OperationId> = operations[Id] extends { requestBody: infer Described }
  ? Json<Described>
  : operations[Id] extends { requestBody?: infer Described }
    ? [Exclude<Described, undefined>] extends [never]
      ? never
      : Json<Exclude<Described, undefined>> | undefined
    : never;

export type CallOptions = {
  /** For a POST: the same key, the same effect, once. One is made for every call that has none, and kept over its retries. */
  readonly idempotencyKey?: string;
  /** For people who belong to several organizations: the one that is meant. */
  readonly organization?: string;
  readonly signal?: AbortSignal;
};

/** What an operation takes. */
export type InputOf<Id extends OperationId> = Given<'path', Part<Id, 'path'>> &
  Given<'query', Part<Id, 'query'>> &
  Given<'body', Body<Id>> &
  CallOptions;
/** What an operation answers; undefined where there is nothing to say. */
export type OutputOf<Id extends OperationId> = [Answers<operations[Id]['responses']>] extends [never]
  ? undefined
  : Answers<operations[Id]['responses']>;

type Call<Id extends OperationId> =
  object extends InputOf<Id> ? (input?: InputOf<Id>) => Promise<OutputOf<Id>> : (input: InputOf<Id>) => Promise<OutputOf<Id>>;

/** One method for each operation of the API, by its `operationId`. */
export type Posthorn = { readonly [Id in keyof typeof OPERATIONS]: Call<Id> };

export type PosthornOptions = RetryOptions & {
  /** Where Posthorn runs, such as `https://hooks.example.com`. */
  readonly url: string;
  /** An API key, a portal token, or an access token; a function is asked before each call. */
  readonly token?: string | (() => string | Promise<string>);
  /** In place of the global one: for proxies, for tests. */
  readonly fetch?: (request: Request) => Promise<Response>;
};

type AnyInput = CallOptions & { readonly path?: object; readonly query?: object; readonly body?: unknown };
type AnyClient = {
  request(method: string, path: string, init: object): Promise<{ data?: unknown; error?: unknown; response: Response }>;
};

export function createPosthorn({ url, token, fetch = globalThis.fetch, ...retries }: PosthornOptions): Posthorn {
  const client = createFetchClient<paths>({ baseUrl: url.replace(/\/$/, ''), fetch: retrying(fetch, retries) }) as unknown as AnyClient;

  async function call(method: string, path: string, { path: names, query, body, ...options }: AnyInput = {}): Promise<unknown> {
    const bearer = typeof token === 'function' ? await token() : token;
    const { data, error, response } = await client.request(method, path, {
      params: { path: names ?? {}, query: query ?? {} },
      headers: {
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
        ...(method === 'POST' && { 'idempotency-key': options.idempotencyKey ?? crypto.randomUUID() }),
        ...(options.organization !== undefined && { 'posthorn-organization': options.organization }),
      },
      ...(body !== undefined && { body }),
      ...(options.signal && { signal: options.signal }),
    });
    if (!response.ok) throw new PosthornError(response, isProblem(error) ? error : undefined);
    return data;
  }

  const methods = Object.entries(OPERATIONS).map(([id, [method, path]]) => [id, (input?: AnyInput) => call(method, path, input)]);
  return Object.fromEntries(methods) as Posthorn;
}

function isProblem(error: unknown): error is Problem {
  return typeof error === 'object' && error !== null && 'code' in error && 'detail' in error;
}
