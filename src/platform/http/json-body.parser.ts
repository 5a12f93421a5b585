import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '../errors/domain-error';
import { rememberBytes } from './member-bytes';
import { MalformedBody } from './validation';

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it came. Its bytes are valid UTF-8 and valid JSON. */
    rawBody?: Buffer;
  }
}

class UnsupportedBody extends DomainError {
  readonly kind = 'unsupported';
  readonly code = 'unsupported_media_type';
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** JSON in UTF-8 and nothing else: no guessing, no replacement characters, no inflating. Keeps the raw bytes beside the value. */
export function acceptJsonBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request: FastifyRequest, body: Buffer, done) => {
    try {
      done(null, parse(request, body));
    } catch (error) {
      done(error as Error);
    }
  });
}

function parse(request: FastifyRequest, body: Buffer): unknown {
  const charset = /charset\s*=\s*"?([^\s";]+)/i.exec(request.headers['content-type'] ?? '')?.[1];
  if (charset && !/^utf-?8$/i.test(charset)) throw new UnsupportedBody('Send JSON in UTF-8.');
  const encoding = request.headers['content-encoding'];
  if (encoding && encoding !== 'identity') throw new UnsupportedBody('Compressed request bodies are not accepted.');
  if (body.length === 0) return undefined;
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    throw new MalformedBody('The body is not valid UTF-8.');
  }
  request.rawBody = body;
  try {
    return rememberBytes(JSON.parse(text), body);
  } catch (error) {
    const position = /position (\d+)/.exec((error as Error).message)?.[1];
    throw new MalformedBody(`The body is not valid JSON${position ? ` (at character ${position})` : ''}.`);
  }
}
