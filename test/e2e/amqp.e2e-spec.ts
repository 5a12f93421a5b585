import type { ConsumeMessage } from 'amqplib';
import { Webhook } from 'standardwebhooks';
import { AmqpDestinationKind } from '../../src/platform/destinations/amqp/amqp-destination';
import { type Arrival, describeDestinationKind } from '../../src/platform/destinations/testing/destination-kind.contract';
import { type Account, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { startProcess } from '../support/processes';
import { type RabbitMq, startRabbitMq } from '../support/rabbitmq';
import { listenAt, send } from '../support/webhooks';

type Consumed = Arrival & { readonly properties: Readonly<Record<string, unknown>> };
type Attempt = {
  url: string;
  reason: string;
  reasonText: string;
  response: string;
  responseStatusCode: number;
  status: number;
  details: { requestHeaders: Record<string, string>; address: string | null; timings: Record<string, number | null> };
};

/** All that comes into a queue, taken out of it at once. */
async function consumed(rabbit: RabbitMq, queue: string) {
  const connection = await rabbit.connect();
  connection.on('error', () => undefined);
  const channel = await connection.createChannel();
  await channel.assertQueue(queue);
  const arrivals: Consumed[] = [];
  const keep = ({ properties, content }: ConsumeMessage) =>
    arrivals.push({ headers: { ...properties.headers }, body: content, properties: { ...properties } });
  await channel.consume(queue, (message) => message && keep(message), { noAck: true });
  // A broker that was stopped has closed it.
  return { channel, arrivals, close: () => connection.close().catch(() => undefined) };
}

describe('an endpoint that is a queue', () => {
  let rabbit: RabbitMq;
  let app: TestApp;
  let worker: Awaited<ReturnType<typeof startProcess>>;
  let ann: Account;
  const undo: (() => unknown)[] = [];

  beforeAll(async () => {
    [rabbit, app] = await Promise.all([startRabbitMq(), startTestApp()]);
    undo.push(() => app.stop());
    worker = await startProcess('worker', { ...app.environment, NODE_EXTRA_CA_CERTS: rabbit.ca });
    undo.push(() => worker.kill());
    ann = await signUp(app);
  }, 120_000);
  afterAll(async () => {
    try {
      for (const step of undo.reverse()) await step();
    } finally {
      await rabbit.remove();
    }
  });

  describeDestinationKind('AmqpDestinationKind', new AmqpDestinationKind(), async () => {
    const { channel, arrivals, close } = await consumed(rabbit, 'contract');
    await channel.assertQueue('full', { arguments: { 'x-max-length': 1, 'x-overflow': 'reject-publish' } });
    await channel.assertExchange('internal', 'fanout', { internal: true });
    channel.sendToQueue('full', Buffer.from('first'));
    return {
      url: rabbit.url('/?routingKey=contract'),
      headers: { authorization: rabbit.authorization },
      arrivals: () => Promise.resolve(arrivals),
      at: (port) => `amqp://127.0.0.1:${port}/?routingKey=contract`,
      failing: {
        amqp_unroutable: rabbit.url('/?exchange=amq.direct&routingKey=nobody'),
        amqp_no_exchange: rabbit.url('/?exchange=nowhere'),
        amqp_forbidden: rabbit.url('/?exchange=internal'),
        amqp_vhost: rabbit.url('/nowhere?routingKey=contract'),
        amqp_nacked: rabbit.url('/?routingKey=full'),
        tls_untrusted: rabbit.secureUrl('/?routingKey=contract'),
      },
      wrong: [
        rabbit.url(''),
        rabbit.url('/'),
        rabbit.url('/a/b?routingKey=c'),
        rabbit.url('/?routingKey=a&heartbeat=1'),
        rabbit.url('/?routingKey=a&routingKey=b'),
        rabbit.url(`/?exchange=${'a'.repeat(256)}`),
        'amqp://127.0.0.1:22/?exchange=a',
        'amqps://127.0.0.1/%ff?exchange=a',
      ],
      close,
    };
  });

  const listening = (url: string, settings: object = {}) =>
    listenAt(ann, url, { headers: { Authorization: rabbit.authorization, 'X-Team': 'blue' }, ...settings });
  /** The attempts for a message, newest first, as soon as one of them is as told. */
  const attempted = (appId: string, messageId: string, reason: string) =>
    eventually(
      async () => {
        const { data } = expected(200, await ann.organization<{ data: Attempt[] }>('GET', `/app/${appId}/attempt/msg/${messageId}`));
        return data.find((attempt) => attempt.reason === reason);
      },
      { within: 20_000, what: `an attempt that says ${reason}` },
    );

  it('gets messages over TLS, confirmed by the broker, that verify as those of any endpoint do', async () => {
    const { arrivals, close } = await consumed(rabbit, 'orders');
    undo.push(close);
    const url = rabbit.secureUrl('/?routingKey=orders');
    const { appId, secret } = await listening(url);
    const id = await send(ann, appId, 7);
    const attempt = await attempted(appId, id, 'ok');
    await eventually(() => arrivals.length > 0);
    const [{ headers, body, properties }] = arrivals as [Consumed];
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual({ n: 7 });
    expect(body.toString()).toBe('{"n":7}');
    expect(headers).toMatchObject({ 'webhook-id': id, 'X-Team': 'blue' });
    expect(JSON.stringify(headers)).not.toMatch(/authorization|Basic/i);
    expect(properties).toMatchObject({ contentType: 'application/json', messageId: id, deliveryMode: 2 });
    expect(attempt).toMatchObject({
      url,
      status: 0,
      responseStatusCode: 0,
      response: '',
      details: { requestHeaders: { Authorization: '[hidden]', 'webhook-id': id }, address: '127.0.0.1' },
    });
    for (const timing of ['connectMs', 'tlsMs', 'firstByteMs']) expect(attempt.details.timings[timing]).toEqual(expect.any(Number));
  });

  it('is verified by the broker, which lets the login in and keeps the challenge', async () => {
    const { arrivals, close } = await consumed(rabbit, 'challenged');
    undo.push(close);
    const { appId, endpointId } = await listening(rabbit.url('/?routingKey=challenged'));
    const challenge = async () => expected(200, await ann.organization<object>('POST', `/app/${appId}/endpoint/${endpointId}/challenge`));
    expect(await challenge()).toMatchObject({ verified: true, reason: 'ok' });
    await eventually(() => arrivals.length > 0);
    expect(arrivals[0]!.body.toString()).toBe('{"type":"endpoint.challenge"}');
    expected(204, await ann.organization('PUT', `/app/${appId}/endpoint/${endpointId}/headers`, { headers: {} }));
    expect(await challenge()).toMatchObject({ verified: false, reason: 'amqp_login' });
  });

  it.each([
    ['a queue that is not there', '/?routingKey=nobody', {}, 'amqp_unroutable', '312 NO_ROUTE'],
    ['an exchange that is not there', '/?exchange=nowhere', {}, 'amqp_no_exchange', "NOT_FOUND - no exchange 'nowhere' in vhost '/'"],
    ['a wrong login', '/?exchange=amq.topic', { Authorization: 'Basic YTpi' }, 'amqp_login', 'ACCESS_REFUSED'],
  ])('says of %s what to do', async (_, route, headers, reason, response) => {
    const { appId } = await listening(rabbit.url(route), { retrySchedule: [], ...(Object.keys(headers).length > 0 && { headers }) });
    const attempt = await attempted(appId, await send(ann, appId), reason);
    expect(attempt.response).toContain(response);
    expect(attempt.reasonText).toMatch(/owner of the endpoint must|its owner must/);
  });

  it.each([
    ['amqp://orders:secret@127.0.0.1/?exchange=a', 'Authorization'],
    ['amqp://127.0.0.1/', 'where in the broker'],
    ['amqp://10.0.0.1/?exchange=a', 'private'],
    ['amqps://0x0a000001/?exchange=a', 'private'],
    ['amqps://[::ffff:10.0.0.1]/?exchange=a', 'private'],
    ['amqp://①⓪.⓪.⓪.①/?exchange=a', 'private'],
    ['amqp://metadata.google.internal/?exchange=a', '.internal'],
    ['kafka://127.0.0.1/', 'http://, https://, amqp:// or amqps://'],
  ])('is refused as %s, with what to do', async (url, why) => {
    const { id } = expected(201, await ann.organization<{ id: string }>('POST', '/app', { name: 'Acme' }));
    const { detail } = expected(
      422,
      await ann.organization<{ detail: { loc: string[]; msg: string }[] }>('POST', `/app/${id}/endpoint`, { url }),
    );
    expect(detail).toMatchObject([{ loc: ['body', 'url'], msg: expect.stringContaining(why) as string }]);
  });

  it('waits for a broker that takes nothing for a while, and for one that is away', async () => {
    const queue = 'patient';
    const before = await consumed(rabbit, queue);
    // Long enough for a busy machine to start it.
    const retrySchedule = Array<number>(30).fill(2);
    const { appId } = await listening(rabbit.url(`/?routingKey=${queue}`), { timeoutMs: 1_000, retrySchedule });
    await rabbit.takeMessages(false);
    await attempted(appId, await send(ann, appId, 1), 'amqp_blocked');
    await rabbit.takeMessages(true);
    await eventually(() => before.arrivals.length > 0, { within: 20_000, what: 'what waited for memory' });
    await before.close();

    await rabbit.stop();
    const id = await send(ann, appId, 2);
    await attempted(appId, id, 'tcp_refused');
    await rabbit.start();
    const { arrivals, close } = await consumed(rabbit, queue);
    undo.push(close);
    await attempted(appId, id, 'ok');
    await eventually(() => arrivals.some(({ body }) => body.toString() === '{"n":2}'));
  }, 120_000);

  it('leaves nothing behind at the end of the worker', async () => {
    expect(await worker.stop()).toBe(0);
    expect(worker.output).not.toMatch(/unhandled|uncaught/i);
  });
});
