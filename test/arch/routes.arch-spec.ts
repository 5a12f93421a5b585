import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import { ModulesContainer, NestFactory, Reflector } from '@nestjs/core';
import { AppModule } from '../../src/app.module';
import { loadConfig } from '../../src/config/env';
import { Access } from '../../src/platform/http/access';
import { testEnvironment } from '../support/environment';

type Route = { readonly name: string; readonly access: unknown };

describe('routes', () => {
  let routes: Route[];

  beforeAll(async () => {
    const config = loadConfig(testEnvironment({ DATABASE_URL: 'postgres://127.0.0.1/none', EMBEDDED: 'true' }));
    // Preview: the modules are scanned, nothing is instantiated, nobody is called.
    const app = await NestFactory.createApplicationContext(AppModule.forApi(config), { preview: true, logger: false, abortOnError: false });
    routes = [...app.get(ModulesContainer).values()].flatMap(({ controllers }) =>
      [...controllers.values()].flatMap(({ metatype }) => routesOf(metatype as Type)),
    );
  });

  it('there are some', () => {
    expect(routes.map(({ name }) => name)).toContain('POST auth/register');
  });

  it('each says who may call it', () => {
    expect(routes.filter(({ access }) => access === undefined).map(({ name }) => name)).toEqual([]);
  });
});

function routesOf(controller: Type): Route[] {
  const prototype = controller.prototype as Record<string, unknown>;
  return Object.getOwnPropertyNames(prototype).flatMap((property) => {
    const handler = prototype[property];
    if (typeof handler !== 'function') return [];
    const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
    if (method === undefined) return [];
    const path = [controller, handler].map((target) => String(Reflect.getMetadata(PATH_METADATA, target)).replace(/^\/|\/$/g, ''));
    const access: unknown = new Reflector().getAllAndOverride(Access, [handler, controller]);
    return [{ name: `${RequestMethod[method]} ${path.filter(Boolean).join('/')}`, access }];
  });
}
