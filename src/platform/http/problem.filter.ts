import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isDatabaseUnavailable, isLostRace } from '../database/database-unavailable';
import { DomainError, InvalidField } from '../errors/domain-error';
import { errorLink, STATUS } from './error-reference';
import { ValidationFailed } from './validation';

const TITLE: Record<number, string> = {
  400: 'Bad request',
  401: 'Not authenticated',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Request timeout',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Invalid input',
  429: 'Too many requests',
  431: 'Headers too large',
  500: 'Internal error',
  503: 'Temporarily unavailable',
};

/** Codes of refusals that the HTTP server makes before any handler runs. */
const SERVER_CODE: Record<number, string> = {
  400: 'bad_request',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  431: 'headers_too_large',
};

type Problem = { status: number; code: string; detail: unknown };

/** The only place where an error meets HTTP: `application/problem+json` (RFC 9457) with a stable `code`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  constructor(private readonly publicUrl: string) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    // A guard that answers by itself says no to the handler, which Nest takes for a refusal.
    if (!reply.sent) await this.answer(error, http.getRequest<FastifyRequest>(), reply);
  }

  async answer(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { status, code, detail } = this.problemOf(error, request.id, request.server.initialConfig.bodyLimit);
    void reply.header('x-request-id', request.id);
    if (status === 503) void reply.header('retry-after', '1');
    if (error instanceof DomainError && error.retryAfterSeconds !== null) void reply.header('retry-after', String(error.retryAfterSeconds));
    if (status === 401) void reply.header('www-authenticate', 'Bearer');
    await reply
      .status(status)
      .type('application/problem+json')
      .send({ type: errorLink(this.publicUrl, code), title: TITLE[status] ?? 'Error', status, code, detail, requestId: request.id });
  }

  private problemOf(error: unknown, requestId: string, bodyLimit?: number): Problem {
    if (error instanceof DomainError) return refusalOf(error);
    if (isDatabaseUnavailable(error)) {
      this.logger.warn({ requestId, err: error }, 'database unavailable');
      return {
        status: 503,
        code: 'unavailable',
        detail: 'A service that this request needs is not reachable. Retry in a moment: it is not known whether this request took effect.',
      };
    }
    if (isLostRace(error)) {
      this.logger.warn({ requestId, err: error }, 'lost a race for rows');
      return {
        status: 503,
        code: 'unavailable',
        detail: 'Another request was in the way of this one, which took no effect. Retry in a moment.',
      };
    }
    const refused = refusedByServer(error, bodyLimit);
    if (refused) return refused;
    this.logger.error({ requestId, err: error }, 'unexpected error');
    return { status: 500, code: 'internal_error', detail: 'This is a bug in Posthorn. Please report it with the requestId.' };
  }
}

/** How a refusal is told, as an answer or as one of the results in it. */
export function refusalOf(error: DomainError): Problem {
  if (error instanceof ValidationFailed) return { status: 422, code: error.code, detail: error.problems };
  if (error instanceof InvalidField)
    return { status: 422, code: error.code, detail: [{ loc: error.loc, msg: error.message, type: 'value_error' }] };
  return { status: STATUS[error.kind], code: error.code, detail: error.message };
}

/** Unknown routes (Nest), bodies that are too large or of a wrong type (Fastify). */
function refusedByServer(error: unknown, bodyLimit?: number): Problem | null {
  const given = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: unknown } | null)?.statusCode;
  // Nothing has an id of more than a thousand characters.
  const status = given === 414 ? 404 : given;
  if (typeof status !== 'number' || status < 400 || status >= 500) return null;
  if (status === 413) return { status, code: SERVER_CODE[413] ?? '', detail: `The body is larger than ${bodyLimit} bytes.` };
  const detail = status === 404 ? 'There is no such route.' : error instanceof Error ? error.message.slice(0, 200) : '';
  return { status, code: SERVER_CODE[status] ?? 'bad_request', detail };
}
