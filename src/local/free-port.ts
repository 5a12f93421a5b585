import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

const HOST = '127.0.0.1';

// Below the ports that Linux (from 32768) and macOS (from 49152) give to outgoing connections: one of those may hold a port
// that was free a moment ago for as long as a pool keeps it open.
const LOWEST_PORT = 10_000;
const HIGHEST_PORT = 32_767;
const ATTEMPTS = 100;

async function listen(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: HOST, port }, resolve);
  });
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server does not listen on a TCP port.');
  return address.port;
}

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
  });

/** The reason why the port cannot be listened on (`EADDRINUSE`, `EACCES`), or undefined when it is free. */
export async function whyPortIsTaken(port: number): Promise<string | undefined> {
  try {
    await close(await listen(port));
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

/** One free port per name: the first of its preferred ports that is free, else any. No port is given twice. */
export async function reservePorts<Name extends string>(
  preferences: Record<Name, readonly (number | undefined)[]>,
): Promise<Record<Name, number>> {
  const held: Server[] = [];
  const ports: Partial<Record<Name, number>> = {};
  try {
    for (const name of Object.keys(preferences) as Name[]) {
      const server = await firstFree(preferences[name]);
      held.push(server);
      ports[name] = portOf(server);
    }
  } finally {
    await Promise.all(held.map(close));
  }
  return ports as Record<Name, number>;
}

async function firstFree(preferred: readonly (number | undefined)[]): Promise<Server> {
  for (const port of preferred) {
    if (port === undefined || port < 1 || port > 65_535) continue;
    const server = await listen(port).catch(() => undefined);
    if (server) return server;
  }
  for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
    const server = await listen(randomInt(LOWEST_PORT, HIGHEST_PORT + 1)).catch(() => undefined);
    if (server) return server;
  }
  return listen(0);
}

export async function freePort(): Promise<number> {
  return (await reservePorts({ any: [] })).any;
}
