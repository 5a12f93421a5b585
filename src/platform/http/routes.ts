import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import { type ModulesContainer, Reflector } from '@nestjs/core';
import { Access, type AccessRule } from './access';

export type Route = {
  readonly method: string;
  readonly path: string;
  /** Undefined when the route does not say. */
  readonly access: AccessRule | undefined;
  readonly controller: Type;
};

/** Every route of every controller, as the router sees it; paths without the global prefix. */
export function routesOf(modules: ModulesContainer): Route[] {
  return [...modules.values()].flatMap(({ controllers }) =>
    [...controllers.values()].flatMap(({ metatype }) => routesOfController(metatype as Type)),
  );
}

function routesOfController(controller: Type): Route[] {
  const prototype = controller.prototype as Record<string, unknown>;
  return Object.getOwnPropertyNames(prototype).flatMap((property) => {
    const handler = prototype[property];
    if (typeof handler !== 'function') return [];
    const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
    if (method === undefined) return [];
    const parts = [controller, handler].flatMap((target) => String(Reflect.getMetadata(PATH_METADATA, target)).split('/'));
    const access = new Reflector().getAllAndOverride(Access, [handler, controller]) as AccessRule | undefined;
    return [{ method: RequestMethod[method], path: `/${parts.filter(Boolean).join('/')}`, access, controller }];
  });
}
