import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Arrivals } from './arrivals';
import { keepOutOfLogs } from './log-watch';

export type ReceivedRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Names of the headers as they were written. */
  readonly headerNames: readonly string[];
  /** The bytes as they came. */
  readonly body: Buffer;
  readonly at: number;
};

export type Answer =
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | Buffer;
      readonly delayMs?: number;
    }
  | 'hang'
  | 'reset';

export type Receiver = Awaited<ReturnType<typeof startReceiver>>;

/** A subscriber: a real HTTP server on 127.0.0.1 that remembers what it got and answers as told; 200 unless told otherwise. */
export async function startReceiver() {
  const arrivals = new Arrivals<ReceivedRequest>();
  const script: Answer[] = [];
  let rule: (request: ReceivedRequest, index: number) => Answer | Promise<Answer> = () => ({ status: 200 });

  const server = createServer((request, response) => {
    void handle(request, response).catch(() => response.destroy());
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const headerNames = request.rawHeaders.filter((_, n) => n % 2 === 0);
    const received: ReceivedRequest = { method, path: url, headers, headerNames, body: await buffer(request), at: Date.now() };
    const told = script.shift() ?? rule(received, arrivals.items.length);
    arrivals.add(received);
    const answer = await told;
    if (answer === 'hang') return;
    if (answer === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    const { status = 200, body = '', delayMs = 0 } = answer;
    for (const signature of String(headers['webhook-signature'] ?? '').split(' ')) keepOutOfLogs(signature);
    keepOutOfLogs(body, 'private');
    const send = () => response.writeHead(status, answer.headers).end(body);
    if (delayMs > 0) setTimeout(send, delayMs);
    else send();
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    urlFor: (path: string) => url + path,
    get requests(): readonly ReceivedRequest[] {
      return arrivals.items;
    },
    /** Answers of the next requests, one each; afterwards the rule holds again. */
    answer: (...answers: Answer[]): void => {
      script.push(...answers);
    },
    answerBy: (next: typeof rule): void => {
      rule = next;
    },
    /** Requests wait for their answer. @returns what lets them, and all that follow, have it */
    hold: (): (() => void) => {
      let release = (): void => undefined;
      const released = new Promise<void>((resolve) => (release = resolve));
      rule = () => released.then(() => ({ status: 200 }));
      return release;
    },
    /** The first `count` requests, as soon as they are there. */
    async received(count: number, within = 15_000): Promise<readonly ReceivedRequest[]> {
      await arrivals.until((items) => items.length >= count, `${count} requests at ${url}`, within);
      return arrivals.items.slice(0, count);
    },
    async stop(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
