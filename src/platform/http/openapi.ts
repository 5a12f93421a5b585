import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { addedModules } from '../modules/feature-module';
import { addExamples } from './openapi-examples';

type OperationObject = NonNullable<OpenAPIObject['paths'][string]['post']>;
type ParameterObject = NonNullable<NonNullable<OpenAPIObject['components']>['parameters']>[string];

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;

export const FieldProblemOut = z.object({
  loc: z.array(z.union([z.string(), z.int()])).meta({ examples: [['body', 'name']] }),
  msg: z.string().meta({ examples: ['Invalid input: expected string, received number'] }),
  type: z.string().meta({ examples: ['value_error'] }),
  pointer: z.string().optional().meta({ description: 'JSON Pointer into the payload, when it breaks the schema of its event type.' }),
});

const Problem = z
  .object({
    type: z.url().meta({ description: 'Where this error is explained.', examples: ['https://posthorn.example.com/docs/errors#not_found'] }),
    title: z.string().meta({ examples: ['Not found'] }),
    status: z
      .int()
      .min(400)
      .max(599)
      .meta({ examples: [404] }),
    code: z.string().meta({ description: 'Stable: programs may rely on it.', examples: ['not_found'] }),
    detail: z
      .union([z.string(), z.array(FieldProblemOut)])
      .meta({ description: 'A sentence, or one entry for each field that breaks the schema.' }),
    requestId: z.string(),
  })
  .meta({ description: 'Every refusal and failure (RFC 9457).' });

const IDEMPOTENCY_KEY: ParameterObject = {
  name: 'idempotency-key',
  in: 'header',
  description: `The same key, body and token within 12 hours: the same answer again, with the header \`idempotency-replayed: true\`, and no second effect.
    Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.`,
  schema: { type: 'string', minLength: 1, maxLength: 256, pattern: '^[\\x20-\\x7e]+$' },
  example: '0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55',
};

/** In the order in which a newcomer needs them. */
const TAGS: Readonly<Record<string, string>> = {
  Application: 'Your customers, each with endpoints of their own.',
  'Event type': 'What your messages are about, and the schemas of their payloads.',
  Endpoint: 'Where webhooks go: address, filters, signing secret, headers, and replays.',
  Message: 'Events that you hand in once, and that reach every endpoint that wants them.',
  Attempt: 'What was sent where, and what came back.',
  Environment: 'The event types of an organization as one document, to keep or to take to another one.',
  Usage: 'How much is delivered, and what is subscribed to.',
  'Operational webhook': 'Where you are told what happens to the endpoints and messages of your customers.',
  'Background task': 'Work that goes on after its request was answered.',
  Portal: 'Links by which your customers manage their endpoints themselves.',
  'API keys': 'What programs sign in with.',
  'Sign-in': 'Accounts, passwords and sessions.',
  Users: 'The person who is signed in.',
  Organizations: 'Tenants: each sees its own things only.',
  Members: 'Who belongs to an organization, and in which role.',
  Invitations: 'How people join an organization.',
  'Audit log': 'Who did what.',
  Health: 'Whether this installation answers.',
};

const PROBLEM = { $ref: '#/components/responses/Problem' };

/** The OpenAPI 3.1 document, made from the controllers and their schemas. */
export function buildOpenApi(app: INestApplication, version: string): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Posthorn API')
    .setDescription('Reliable webhook delivery: accept a message once, deliver it signed to every subscribed endpoint.')
    .setVersion(version)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/')
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: `An access token from sign-in, an API key (\`ph_live_…\`), or a portal token. People who belong to several organizations name
          one in the header \`posthorn-organization\`; without it, the one that they joined first is meant.`,
      },
      'bearer',
    )
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}.${method}`,
    standardSchemaConverter: (schema, { schemaType }) => (schema instanceof z.ZodType ? jsonSchema(schema, schemaType) : undefined),
  });
  return withConventions(document);
}

/** `/docs` (Swagger UI from the package, no outside request) and `/api/v1/openapi.json`. */
export function serveOpenApi(app: INestApplication, version: string): void {
  let document: OpenAPIObject | undefined;
  SwaggerModule.setup('docs', app, () => (document ??= buildOpenApi(app, version)), {
    jsonDocumentUrl: 'api/v1/openapi.json',
    customSiteTitle: 'Posthorn API',
    // Swagger UI would hand the document to validator.swagger.io.
    swaggerOptions: { validatorUrl: null },
  });
}

/** OpenAPI 3.1 is JSON Schema 2020-12; Nest's own conversion is to the dialect of 3.0. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): { schema: object; components: Record<string, object> } {
  const converted = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    override: ({ jsonSchema: part }) => {
      // An answer may get more fields later: clients must not refuse them.
      if (io === 'output' && part.additionalProperties === false) delete part.additionalProperties;
      // True by themselves, and noise to a reader.
      if (part.format === 'date-time') delete part.pattern;
      if (part.minimum === Number.MIN_SAFE_INTEGER) delete part.minimum;
      if (part.maximum === Number.MAX_SAFE_INTEGER) delete part.maximum;
    },
  });
  // Schemas with an id are components; Nest takes them there and points the references to them.
  const { $schema: _, $defs: components = {}, ...own } = converted;
  return { schema: own, components };
}

/** What holds for all operations: each may refuse, in one and the same form, and a POST with a token may be repeated. */
function withConventions(document: OpenAPIObject): OpenAPIObject {
  const tags = Object.assign({}, TAGS, ...addedModules().map((module) => module.tags)) as typeof TAGS;
  document.tags = Object.entries(tags).map(([name, description]) => ({ name, description }));
  const components = (document.components ??= {});
  components.parameters = { IdempotencyKey: IDEMPOTENCY_KEY };
  components.schemas = { ...components.schemas, Problem: jsonSchema(Problem, 'output').schema };
  components.responses = {
    Problem: {
      description: 'Refused, or failed: `code` says why.',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  };
  for (const path of Object.values(document.paths)) {
    if (path.post && !isPublic(path.post)) {
      path.post.parameters = [...(path.post.parameters ?? []), { $ref: '#/components/parameters/IdempotencyKey' }];
    }
    for (const method of METHODS) {
      const operation = path[method];
      if (!operation) continue;
      for (const [status, response] of Object.entries(operation.responses)) {
        if (response && 'description' in response) response.description ||= STATUS_CODES[status] ?? '';
      }
      Object.assign(operation.responses, { '4XX': PROBLEM, default: PROBLEM });
    }
  }
  addExamples(document);
  return document;
}

/** Asks for no token, or works without one. */
function isPublic({ security }: OperationObject): boolean {
  return security !== undefined && (security.length === 0 || security.some((scheme) => Object.keys(scheme).length === 0));
}
