import { getQueueToken } from '@nestjs/bull';
import { type INestApplicationContext, Logger } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Queue } from 'bull';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { QUEUE_NAMES } from '../../platform/queue/queue.module';
import { Operators } from './operators';
import { QueueRead, QueueWrite } from './queues.permissions';

export type BoardSettings = {
  readonly host: string;
  readonly port: number;
  /** The organization whose API keys may look after the installation. */
  readonly organizationId: string;
};

/** One board to look at, one to change things with: the first has no buttons that would be refused. */
const LOOK = '/queues';
const MANAGE = '/manage';

/** The pages bring all that they need, but for a font of others. */
const HEADERS = {
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** Bull's dashboard, for operators only. A process of its own: the API knows no Redis, and workers have no port for people. */
export async function startQueueBoard(
  app: Pick<INestApplicationContext, 'get'>,
  { host, port, organizationId }: BoardSettings,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  // Only here: every other process is made of the same modules, and has no use for it.
  const [{ createBullBoard }, { BullAdapter }, { FastifyAdapter: BoardAdapter }] = await Promise.all([
    import('@bull-board/api'),
    import('@bull-board/api/bullAdapter'),
    import('@bull-board/fastify'),
  ]);
  const logger = new Logger('QueueBoard');
  const operators = app.get(Operators, { strict: false });
  const names = app.get<readonly string[]>(QUEUE_NAMES, { strict: false });
  const server = new FastifyAdapter({ forceCloseConnections: true }).getInstance();

  server.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    reply.headers(HEADERS);
    const path = request.url.split('?', 1)[0] ?? '';
    const looks = (request.method === 'GET' || request.method === 'HEAD') && !isBelow(path, MANAGE);
    const verdict = await operators.admit(request.headers.authorization, organizationId, looks ? QueueRead : QueueWrite);
    if (verdict.is === 'unknown')
      return reply
        .status(401)
        .header('www-authenticate', 'Basic realm="Posthorn queues: any name, and an API key as the password", charset="UTF-8"')
        .send({ code: 'authentication_failed', detail: 'An API key of the organization that operates this installation is needed.' });
    if (verdict.is === 'refused' || isForeign(request))
      return reply.status(403).send({ code: 'insufficient_permission', detail: `${looks ? QueueRead.name : QueueWrite.name} is needed.` });
    if (request.method !== 'GET' && request.method !== 'HEAD')
      logger.log({ apiKeyId: verdict.keyId, method: request.method, path: path.slice(0, 300) }, 'queues changed');
    return undefined;
  });
  server.get('/', (_request, reply) => reply.redirect(`${LOOK}/`));
  for (const prefix of [LOOK, MANAGE]) {
    const board = new BoardAdapter();
    board.setBasePath(prefix);
    const queues = names.map(
      (name) => new BullAdapter(app.get<Queue>(getQueueToken(name), { strict: false }), { readOnlyMode: prefix === LOOK }),
    );
    createBullBoard({ queues, serverAdapter: board, options: { uiConfig: { boardTitle: 'Posthorn queues' } } });
    await server.register(board.registerPlugin(), { prefix });
  }
  const url = await server.listen({ port, host });
  return { url, close: () => server.close() };
}

const isBelow = (path: string, prefix: string): boolean => path === prefix || path.startsWith(`${prefix}/`);

/** A browser sends the password that it knows along with whatever some other page has it send. */
function isForeign({ method, headers: { origin, host, 'sec-fetch-site': site } }: FastifyRequest): boolean {
  if (method === 'GET' || method === 'HEAD') return false;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host);
}
