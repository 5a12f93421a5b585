import type { OpenAPIObject } from '@nestjs/swagger';

type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minimum?: number;
  readonly deprecated?: boolean;
};
type Content = Record<string, { schema?: Schema; example?: unknown }>;
type Parameter = { name: string; in: string; description?: string; schema?: Schema; example?: unknown };
type Operation = {
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
};
/** `send`: what a caller writes, the fewest fields that show the use. `receive`: all fields of an answer. */
type Way = 'send' | 'receive';

const INSTANT = '2026-01-31T12:00:00.000Z';
const APP = 'app_00PdZgP1mUfrWVHT7bLhCUOkPPT';
const ENDPOINT = 'ep_00PdZgP1mUfrWVHT7bLhCUOkPPT';
const MESSAGE = 'msg_00PdZgP1mUfrWVHT7bLhCUOkPPT';
const ATTEMPT = 'atmpt_00PdZgP1mUfrWVHT7bLhCUOkPPT';
const TASK = 'qtask_00PdZgP1mUfrWVHT7bLhCUOkPPT';
const USER = 'user_00PdZgP1mUfrWVHT7bLhCUOkPPT';
const TOKEN = 'kR3vX9mQ2tYw7LzBn5PcHs8DfGj4VaEu';
const JWT = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1c2VyXzAwIn0.c2lnbmF0dXJl';
const CODE = '492039';
const RECOVERY_CODE = 'k7wd-3mzp-q9xa-t2vh';

/** Fields that are called alike mean the same everywhere. What a schema says itself goes before. */
const BY_NAME: Readonly<Record<string, unknown>> = {
  accessToken: JWT,
  address: '198.51.100.7',
  after: '2026-01-30T12:00:00Z',
  before: INSTANT,
  channel: 'project_7',
  channels: ['project_7'],
  code: CODE,
  currentPassword: 'violet kettle orbit 17',
  description: 'Production',
  detail: 'Entity not found.',
  email: 'ann@example.com',
  endpointId: ENDPOINT,
  eventId: 'evt_7f3a',
  eventType: 'invoice.paid',
  event_types: ['invoice.paid'],
  eventTypes: ['invoice.paid'],
  filterTypes: ['invoice.paid'],
  headers: { 'X-Tenant': 'acme' },
  ids: [MESSAGE],
  iterator: MESSAGE,
  key: 'whsec_fUg470xx+FsBxBYWKluNFtis41dnAx6+',
  metadata: { plan: 'pro' },
  msgId: MESSAGE,
  name: 'Acme Inc.',
  newPassword: 'amber lantern glacier 42',
  object: ENDPOINT,
  password: 'violet kettle orbit 17',
  payload: { id: 'inv_1', total: 42 },
  prevIterator: `-${MESSAGE}`,
  recoveryCodes: [RECOVERY_CODE],
  refreshToken: TOKEN,
  requestId: 'req_00PdZgP1mUfrWVHT7bLhCUOkPPT',
  scopes: ['message.write'],
  since: INSTANT,
  statusText: 'success',
  tag: 'vip',
  tags: ['vip'],
  taskId: TASK,
  token: TOKEN,
  uid: 'main',
  until: '2026-02-01T12:00:00Z',
  url: 'https://example.com/webhooks',
  userAgent: 'Mozilla/5.0',
  userId: USER,
};

const PATHS: Readonly<Record<string, { readonly description: string; readonly example: string }>> = {
  apiKeyId: { description: 'Id of the API key.', example: 'key_00PdZgP1mUfrWVHT7bLhCUOkPPT' },
  app_id: { description: 'Id or uid of the application.', example: APP },
  attempt_id: { description: 'Id of the attempt.', example: ATTEMPT },
  endpoint_id: { description: 'Id or uid of the endpoint.', example: ENDPOINT },
  event_type_name: { description: 'Name of the event type.', example: 'user.created' },
  invitationId: { description: 'Id of the invitation.', example: 'inv_00PdZgP1mUfrWVHT7bLhCUOkPPT' },
  msg_id: { description: 'Id of the message, or its event id.', example: MESSAGE },
  organizationId: { description: 'Id of the organization.', example: 'org_00PdZgP1mUfrWVHT7bLhCUOkPPT' },
  sessionId: { description: 'Id of the session.', example: 'ses_00PdZgP1mUfrWVHT7bLhCUOkPPT' },
  taskId: { description: 'Id of the task.', example: TASK },
  task_id: { description: 'Id of the task.', example: TASK },
  userId: { description: 'Id of the user.', example: USER },
};

/** Gives every parameter, body and answer an example, made of those of their fields. What it cannot make is missing: a test says what. */
export function addExamples({ paths, components }: OpenAPIObject): void {
  const schemas = (components?.schemas ?? {}) as Record<string, Schema>;
  for (const { content } of Object.values((components?.responses ?? {}) as Operation['responses']))
    addToContent(content, 'receive', schemas);
  for (const path of Object.values(paths)) {
    for (const operation of Object.values(path as Record<string, unknown>)) {
      if (isOperation(operation)) addToOperation(operation, schemas);
    }
  }
}

function addToOperation({ parameters = [], requestBody, responses }: Operation, schemas: Record<string, Schema>): void {
  for (const parameter of parameters) {
    if ('$ref' in parameter) continue;
    const known = parameter.in === 'path' ? PATHS[parameter.name] : undefined;
    if (known) parameter.description ||= known.description;
    parameter.example ??= known?.example ?? exampleOf(parameter.schema ?? {}, 'send', schemas, parameter.name);
  }
  addToContent(requestBody?.content, 'send', schemas);
  for (const { content } of Object.values(responses)) addToContent(content, 'receive', schemas);
}

function addToContent(content: Content | undefined, way: Way, schemas: Record<string, Schema>): void {
  for (const media of Object.values(content ?? {})) {
    const example = media.example ?? exampleOf(media.schema ?? {}, way, schemas);
    if (example !== undefined) media.example = example;
  }
}

function exampleOf(schema: Schema, way: Way, schemas: Record<string, Schema>, name?: string): unknown {
  const own = schema.example ?? schema.examples?.[0] ?? schema.const ?? schema.enum?.[0];
  if (own !== undefined) return own;
  const resolved = schemas[schema.$ref?.split('/').at(-1) ?? ''];
  if (resolved) return exampleOf(resolved, way, schemas, name);
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) {
    const example = exampleOf(alternatives.find(({ type }) => type !== 'null') ?? {}, way, schemas, name);
    return isNullable(schema) && way === 'receive' && !hasExample(schema) && !(name !== undefined && name in BY_NAME) ? null : example;
  }
  if (schema.properties) return objectOf(schema, way, schemas);
  if (name !== undefined && name in BY_NAME && !schema.items?.$ref) return BY_NAME[name];
  return byType(schema, way, schemas);
}

function objectOf({ properties = {}, required = [] }: Schema, way: Way, schemas: Record<string, Schema>): object {
  const shown = Object.entries(properties).filter(
    ([name, field]) => required.includes(name) || (!field.deprecated && (way === 'receive' || hasExample(field))),
  );
  // Where nothing has to be there, one thing shows the use.
  const telling = shown.length > 0 ? shown : Object.entries(properties).filter(([name]) => name in BY_NAME);
  const members = telling.map(([name, field]) => [name, exampleOf(field, way, schemas, name)] as const);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

const isNullable = ({ anyOf = [] }: Schema): boolean => anyOf.some(({ type }) => type === 'null');

const hasExample = ({ example, examples, anyOf = [] }: Schema): boolean =>
  example !== undefined || examples !== undefined || anyOf.some(hasExample);

function byType({ type, format, items, minimum, default: usual }: Schema, way: Way, schemas: Record<string, Schema>): unknown {
  if (usual !== undefined && usual !== null) return usual;
  const types = [type].flat();
  if (types.includes('null') && way === 'receive') return null;
  if (types.includes('boolean')) return true;
  if (types.includes('integer') || types.includes('number')) return minimum ?? 0;
  if (types.includes('array')) {
    const item = exampleOf(items ?? {}, way, schemas);
    return item === undefined ? [] : [item];
  }
  if (types.includes('object')) return {};
  return format === 'date-time' ? INSTANT : undefined;
}

function isOperation(value: unknown): value is Operation {
  return typeof value === 'object' && value !== null && 'responses' in value;
}
