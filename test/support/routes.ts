import type { INestApplicationContext } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { type Route as WholeRoute, routesOf as routesOfModules } from '../../src/platform/http/routes';

export type Route = Pick<WholeRoute, 'method' | 'path' | 'access'>;

/** Every route of an application; paths without the global prefix. */
export function routesOf(app: INestApplicationContext): Route[] {
  return routesOfModules(app.get(ModulesContainer)).map(({ method, path, access }) => ({ method, path, access }));
}
