import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export type TcpProxy = Awaited<ReturnType<typeof startTcpProxy>>;

/** Stands between a client and the server of a URL, and makes the network misbehave. */
export async function startTcpProxy(target: string) {
  const { hostname, port: targetPort } = new URL(target);
  const sockets = new Set<Socket>();
  let hanging = false;
  let server: Server;

  function pair(client: Socket): void {
    const upstream = connect({ host: hostname, port: Number(targetPort) });
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      if (hanging) from.pause();
      from.on('data', (bytes) => to.write(bytes));
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  }

  async function listen(port: number): Promise<void> {
    server = createServer({ allowHalfOpen: true }, pair).listen(port, '127.0.0.1');
    await once(server, 'listening');
  }

  async function refuse(): Promise<void> {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  }

  await listen(0);
  const { port } = server!.address() as AddressInfo;
  const url = new URL(target);
  [url.hostname, url.port] = ['127.0.0.1', String(port)];

  return {
    /** The same URL, by way of this proxy. */
    url: url.href,
    /** Open connections break, new ones are refused. */
    refuse,
    /** Connections stay open and new ones are taken, but nothing comes through in either direction. */
    hang(): void {
      hanging = true;
      for (const socket of sockets) socket.pause();
    },
    /** What was held back goes through, and so does everything after it. */
    async resume(): Promise<void> {
      hanging = false;
      for (const socket of sockets) socket.resume();
      if (!server.listening) await listen(port);
    },
    async stop(): Promise<void> {
      if (server.listening) await refuse();
    },
  };
}
