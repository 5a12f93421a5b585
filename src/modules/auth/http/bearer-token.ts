import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Parameter of a public route: the token of the `Authorization` header as it came, or null. */
export const BearerToken = createParamDecorator((_: unknown, context: ExecutionContext): string | null => {
  const { authorization = '' } = context.switchToHttp().getRequest<FastifyRequest>().headers;
  return /^bearer (\S+)$/i.exec(authorization)?.[1] ?? null;
});
