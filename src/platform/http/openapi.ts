import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { STATUS_CODES } from 'node:http';
import { z } from 'zod';

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;

const Problem = z
  .object({
    type: z.string().meta({ description: 'Where this error is explained.' }),
    title: z.string(),
    status: z.int().min(400).max(599),
    code: z.string().meta({ description: 'Stable: programs may rely on it.', examples: ['not_found'] }),
    detail: z
      .union([z.string(), z.array(z.object({ loc: z.array(z.union([z.string(), z.int()])), msg: z.string(), type: z.string() }))])
      .meta({ description: 'A sentence, or one entry for each field that breaks the schema.' }),
    requestId: z.string(),
  })
  .meta({ description: 'Every refusal and failure (RFC 9457).' });

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
    standardSchemaConverter: (schema, { schemaType }) =>
      schema instanceof z.ZodType ? { schema: jsonSchema(schema, schemaType) } : undefined,
  });
  return withProblems(document);
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
function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): object {
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
  delete converted.$schema;
  return converted;
}

/** Every operation may refuse, in one and the same form. */
function withProblems(document: OpenAPIObject): OpenAPIObject {
  const components = (document.components ??= {});
  components.schemas = { ...components.schemas, Problem: jsonSchema(Problem, 'output') };
  components.responses = {
    Problem: {
      description: 'Refused, or failed: `code` says why.',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  };
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method];
      if (!operation) continue;
      for (const [status, response] of Object.entries(operation.responses)) {
        if (response && 'description' in response) response.description ||= STATUS_CODES[status] ?? '';
      }
      Object.assign(operation.responses, { '4XX': PROBLEM, default: PROBLEM });
    }
  }
  return document;
}
