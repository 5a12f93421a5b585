import type { OpenAPIObject } from '@nestjs/swagger';
import type { FeatureModule } from '../modules/feature-module';

type Paths = OpenAPIObject['paths'];
type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
type Operation = { readonly tags?: readonly string[] };

/** What a module adds to the description of the API: its routes, and the schemas that only they use. */
export type OpenApiPart = {
  readonly tags: NonNullable<OpenAPIObject['tags']>;
  readonly paths: Paths;
  readonly components: { readonly schemas: Schemas };
};

/** The description of Posthorn itself, and what each added module adds to it, by its name. */
export function partsOf(
  document: OpenAPIObject,
  added: readonly FeatureModule[],
): { own: OpenAPIObject; added: Record<string, OpenApiPart> } {
  const { paths, tags = [], components } = document;
  const schemas = components?.schemas ?? {};
  const isAdded = (tag: string) => added.some((module) => tag in module.tags);
  const parts = added.map((module) => ({ module, ofModule: partOf(paths, (tag) => tag in module.tags) }));
  const ownPaths = partOf(paths, (tag) => !isAdded(tag));
  const needed = usedBy(
    parts.map(({ ofModule }) => ofModule),
    schemas,
  );
  const own = new Set([...usedBy([ownPaths, components?.responses], schemas), ...Object.keys(schemas).filter((name) => !needed.has(name))]);
  return {
    own: {
      ...document,
      paths: ownPaths,
      tags: tags.filter(({ name }) => !isAdded(name)),
      components: { ...components, schemas: pick(schemas, (name) => own.has(name)) },
    },
    added: Object.fromEntries(
      parts.map(({ module, ofModule }) => {
        const used = usedBy([ofModule], schemas);
        return [
          module.name,
          {
            tags: tags.filter(({ name }) => name in module.tags),
            paths: ofModule,
            components: { schemas: pick(schemas, (schema) => used.has(schema) && !own.has(schema)) },
          },
        ];
      }),
    ),
  };
}

/** Operations by their tag: each has one. */
function partOf(paths: Paths, wanted: (tag: string) => boolean): Paths {
  const parts = Object.entries(paths).map(([path, operations]) => {
    const methods = Object.entries(operations).filter(([, operation]) => wanted((operation as Operation).tags?.[0] ?? ''));
    return [path, Object.fromEntries(methods)] as const;
  });
  return Object.fromEntries(parts.filter(([, operations]) => Object.keys(operations).length > 0));
}

/** Names of the schemas that are referred to, by way of others too. */
function usedBy(parts: readonly unknown[], schemas: Schemas): Set<string> {
  const used = new Set<string>();
  const look = (part: unknown): void => {
    for (const [, name = ''] of JSON.stringify(part ?? null).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name)) continue;
      used.add(name);
      look(schemas[name]);
    }
  };
  parts.forEach(look);
  return used;
}

const pick = (schemas: Schemas, wanted: (name: string) => boolean): Schemas =>
  Object.fromEntries(Object.entries(schemas).filter(([name]) => wanted(name)));
