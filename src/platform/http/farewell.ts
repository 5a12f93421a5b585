import { Server } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Readiness } from '../health/readiness';

/** Who has not sent anything for so long will hardly do so at the moment in which the connection is closed. */
const FAREWELL_MS = 2_000;
const LOOK_MS = 50;

/** While the process is on its way out, every answer asks for its connection to be closed. */
export function announceFarewell(app: NestFastifyApplication): void {
  const readiness = app.get(Readiness);
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onSend', (_request, reply, _payload, done) => {
      if (readiness.isDraining) void reply.header('connection', 'close');
      done();
    });
}

/**
 * Takes no new connection, and goes on answering on those that there are until none is left, at most `drainMs`: closing a kept
 * connection at once would reset a request that is already on its way.
 */
export async function sayFarewell(app: NestFastifyApplication, drainMs: number): Promise<void> {
  app.get(Readiness).drain();
  const server = app.getHttpServer();
  // That of HTTP would close idle connections as well.
  Server.prototype.close.call(server);
  const start = performance.now();
  for (let waited = 0; waited < drainMs; waited = performance.now() - start) {
    if ((await connectionsOf(server)) === 0) return;
    if (waited > FAREWELL_MS) server.closeIdleConnections();
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => {
      if (error) reject(error);
      else resolve(count);
    });
  });
}
