import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { AppModule } from '../../src/app.module';
import { loadConfig } from '../../src/config/env';
import { buildOpenApi } from '../../src/platform/http/openapi';
import { VERSION } from '../../src/platform/version';
import { committedDescription, operationsOf, schemaChecker } from '../support/description';
import { testEnvironment } from '../support/environment';

type Content = Record<string, { example?: unknown }>;

const description = committedDescription();

/** Beyond what the linter recommends. */
const STRICTER = {
  'operation-tag-defined': 'error',
  'operation-singular-tag': 'error',
  'tag-description': 'error',
  'paths-kebab-case': 'error',
  'path-not-include-query': 'error',
  'no-invalid-media-type-examples': 'error',
  'no-invalid-parameter-examples': 'error',
  'no-invalid-schema-examples': 'error',
} as const;

describe('openapi.json', () => {
  const operations = operationsOf(description);
  const flawOf = schemaChecker(description);

  it('says what the code says: after a change of the API, `npm run openapi` or `npm run reference` writes it again', async () => {
    const config = loadConfig(testEnvironment({ DATABASE_URL: 'postgres://127.0.0.1/none' }));
    // Preview: the modules are scanned, nothing is instantiated, nobody is called.
    const app = await NestFactory.create(AppModule.forApi(config), new FastifyAdapter(), { preview: true, logger: false });
    app.setGlobalPrefix('api/v1');
    expect(description).toEqual(JSON.parse(JSON.stringify(buildOpenApi(app, VERSION))));
  });

  it('is OpenAPI 3.1 without a complaint of the linter', async () => {
    expect(description.openapi).toMatch(/^3\.1\./);
    const problems = await lintFromString({
      source: JSON.stringify(description),
      config: await createConfig({ extends: ['recommended-strict'], rules: STRICTER }),
    });
    expect(problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} at ${location[0]?.pointer ?? ''}`)).toEqual([]);
  });

  it('says of every operation what it is called, does, answers and refuses', () => {
    expect(operations.length).toBeGreaterThan(30);
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(ids.filter((id, at) => id === undefined || !/^[a-z][a-zA-Z]+$/.test(id) || ids.indexOf(id) !== at)).toEqual([]);
    const lacking = operations.filter(({ operation: { summary, tags, responses } }) => {
      const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'));
      const described = successes.every(([status, { content }]) => status === '204' || content?.['application/json'] !== undefined);
      return !summary || tags?.length !== 1 || successes.length === 0 || !described || !('4XX' in responses) || !('default' in responses);
    });
    expect(lacking).toEqual([]);
  });

  it('explains every parameter and every answer', () => {
    const bare = operations.flatMap(({ operation: { operationId, parameters = [], responses } }) => [
      ...parameters
        .filter((parameter) => !('$ref' in parameter) && parameter.in === 'path' && !parameter.description)
        .map(({ name }) => `${operationId}: parameter ${name}`),
      ...Object.entries(responses)
        .filter(([, { $ref, description: text }]) => $ref === undefined && !text)
        .map(([status]) => `${operationId}: ${status}`),
    ]);
    expect(bare).toEqual([]);
  });

  it('has an example, good by its schema, for every parameter, body and answer: a field without one needs `.meta({ examples })`', () => {
    const flaws = operations.flatMap(({ method, path, operation: { operationId, parameters = [], requestBody, responses } }) => {
      const at = ['paths', path, method.toLowerCase()];
      const contents = (described: { content?: Content }, ...place: string[]) =>
        Object.entries(described.content ?? {}).map(([type, { example }]) => ({ example, place: [...at, ...place, 'content', type] }));
      const examples = [
        ...parameters.flatMap((parameter, n) =>
          '$ref' in parameter ? [] : [{ example: parameter.example, place: [...at, 'parameters', String(n)] }],
        ),
        ...(requestBody ? contents(requestBody, 'requestBody') : []),
        ...Object.entries(responses).flatMap(([status, response]) => contents(response, 'responses', status)),
      ];
      return examples.flatMap(({ example, place }) => {
        const flaw = example === undefined ? 'is missing' : flawOf([...place, 'schema'], example);
        return flaw === undefined ? [] : [`${operationId}: ${place.slice(3).join(' ')} ${flaw}`];
      });
    });
    expect(flaws).toEqual([]);
  });

  it('gives every body and every answer a name, so that clients have types for them', () => {
    const nameless = operations.flatMap(({ operation: { operationId, requestBody, responses } }) =>
      [requestBody, ...Object.values(responses)]
        .map((described) => described?.content?.['application/json']?.schema)
        .filter((schema) => schema && !('$ref' in schema))
        .map((schema) => ({ operationId, schema })),
    );
    expect(nameless).toEqual([]);
  });
});
