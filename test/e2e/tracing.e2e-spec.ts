import { startTestApp, startTestWorker, type TestApp } from '../support/app';
import { type Account, type Caller, callerAt, expected, signUp } from '../support/accounts';
import { type CollectedSpan, kindOf, startCollector } from '../support/collector';
import { eventually } from '../support/eventually';
import { startProcess } from '../support/processes';
import { type ReceivedRequest, type Receiver, startReceiver } from '../support/receiver';
import { type Listener, listenAt } from '../support/webhooks';

type Process = Awaited<ReturnType<typeof startProcess>>;

const TRACE = 'c'.repeat(32);
const SPAN = 'd'.repeat(16);
const SAMPLED = `00-${TRACE}-${SPAN}-01`;

jest.setTimeout(60_000);

describe('tracing', () => {
  let app: TestApp;
  let collector: Awaited<ReturnType<typeof startCollector>>;
  let receiver: Receiver;
  let account: Account;
  let listener: Listener;
  let api: Process;
  let worker: Process;

  const tracing = (endpoint: string) => ({
    ...app.environment,
    LOG_LEVEL: 'debug',
    DELIVERY_RETRY_SCHEDULE: '0',
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_HEADERS: 'x-key=collector-key',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    OTEL_BSP_SCHEDULE_DELAY: '50',
    OTEL_EXPORTER_OTLP_TIMEOUT: '500',
  });

  beforeAll(async () => {
    [app, collector, receiver] = await Promise.all([startTestApp(), startCollector(), startReceiver()]);
    const environment = tracing(collector.url);
    [api, worker] = await Promise.all([
      startProcess('main', { ...environment, OTEL_SERVICE_NAME: 'posthorn-api' }),
      startProcess('worker', { ...environment, OTEL_SERVICE_NAME: 'posthorn-worker' }),
    ]);
    account = await signUp(app);
    listener = await listenAt(account, receiver.urlFor('/hook/with-a-secret?token=hidden'));
  });
  afterAll(async () => {
    await Promise.all([api.kill(), worker.kill()]);
    await Promise.all([app.stop(), collector.stop(), receiver.stop()]);
  });

  /** Hands in a message over the network. @returns its id and the requests that the receiver got for it */
  async function deliver(call: Caller, headers: Record<string, string> = {}, requests = 1): Promise<[string, ReceivedRequest[]]> {
    const message = { eventType: 'a.b', payload: {} };
    const { id } = expected(202, await call<{ id: string }>('POST', `/app/${listener.appId}/msg`, message, headers));
    const got = await eventually(() => {
      const arrived = receiver.requests.filter((request) => request.headers['webhook-id'] === id);
      return arrived.length >= requests && arrived;
    });
    return [id, got];
  }
  const traced = () => callerAt(api.url, account.apiKey);
  const spansOf = (id: string, name: string) =>
    collector.spans.filter((span) => span.name === name && span.attributes['messaging.message.id'] === id);
  /** The spans of a message with so many attempts, once all of them are there. */
  async function treeOf(id: string, attempts = 1) {
    return eventually(() => {
      const [accepted] = spansOf(id, 'message.accept');
      const attempted = spansOf(id, 'delivery.attempt').sort(
        (a, b) => Number(a.attributes['posthorn.delivery.attempt']) - Number(b.attributes['posthorn.delivery.attempt']),
      );
      const served = accepted && collector.spans.find(({ spanId }) => spanId === accepted.parentSpanId);
      const requested = attempted.map((attempt) => collector.spans.find(({ parentSpanId }) => parentSpanId === attempt.spanId));
      if (!accepted || !served || attempted.length < attempts || requested.some((span) => !span)) return false;
      return { served, accepted, attempted, requested: requested as CollectedSpan[] };
    });
  }
  const told = ({ traceId, spanId }: CollectedSpan, flags = '01') => `00-${traceId}-${spanId}-${flags}`;
  const linesOf = ({ output }: Process) =>
    output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it('tells of a message from its request to the request at the receiver', async () => {
    const [id, [got]] = await deliver(traced());
    const {
      served,
      accepted,
      attempted: [attempt],
      requested: [request],
    } = await treeOf(id);

    expect(served).toMatchObject({
      name: 'POST /api/v1/app/:app_id/msg',
      kind: kindOf('server'),
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/api/v1/app/:app_id/msg',
        'http.response.status_code': 202,
        'url.path': `/api/v1/app/${listener.appId}/msg`,
        'url.scheme': 'http',
      },
      resource: { 'service.name': 'posthorn-api', 'service.version': expect.any(String), 'deployment.environment.name': 'test' },
    });
    expect(served.parentSpanId ?? '').toBe('');
    expect(accepted).toMatchObject({ traceId: served.traceId, parentSpanId: served.spanId, kind: kindOf('producer') });
    expect(attempt).toMatchObject({
      kind: kindOf('consumer'),
      links: [{ traceId: accepted.traceId, spanId: accepted.spanId }],
      attributes: {
        'posthorn.endpoint.id': listener.endpointId,
        'posthorn.organization.id': account.organizationId,
        'posthorn.delivery.attempt': 1,
        'posthorn.attempt.reason': 'ok',
      },
      resource: { 'service.name': 'posthorn-worker' },
    });
    expect(attempt!.parentSpanId ?? '').toBe('');
    expect(attempt!.traceId).not.toBe(accepted.traceId);
    expect(request).toMatchObject({
      name: 'POST',
      kind: kindOf('client'),
      traceId: attempt!.traceId,
      attributes: {
        'http.request.method': 'POST',
        'http.response.status_code': 200,
        'server.address': '127.0.0.1',
        'server.port': Number(new URL(receiver.url).port),
        'network.peer.address': '127.0.0.1',
      },
    });
    expect(got!.headers['traceparent']).toBe(told(request!));
    expect(collector.headers.every((headers) => headers['x-key'] === 'collector-key')).toBe(true);
  });

  it('tells of each attempt, and why one failed', async () => {
    receiver.answer({ status: 503 });
    const [id, [first, second]] = await deliver(traced(), {}, 2);
    const { accepted, attempted, requested } = await treeOf(id, 2);
    expect(attempted).toMatchObject([
      { status: { code: 2 }, attributes: { 'posthorn.delivery.attempt': 1, 'error.type': 'http_5xx' } },
      { attributes: { 'posthorn.delivery.attempt': 2, 'posthorn.attempt.reason': 'ok' } },
    ]);
    for (const { links } of attempted) expect(links).toEqual([{ traceId: accepted.traceId, spanId: accepted.spanId }]);
    expect(requested).toMatchObject([
      { status: { code: 2 }, attributes: { 'http.response.status_code': 503, 'error.type': '503' } },
      { attributes: { 'http.request.resend_count': 1 } },
    ]);
    expect([first, second].map((request) => request!.headers['traceparent'])).toEqual(requested.map((span) => told(span)));
  });

  it('goes on with the trace of the sender', async () => {
    const [id] = await deliver(traced(), { traceparent: SAMPLED, tracestate: 'vendor=1' });
    const { served, accepted, attempted } = await treeOf(id);
    expect(served).toMatchObject({ traceId: TRACE, parentSpanId: SPAN });
    expect(accepted.traceId).toBe(TRACE);
    expect(attempted[0]!.links).toEqual([{ traceId: TRACE, spanId: accepted.spanId }]);
  });

  it('makes one span of a batch, from which all of its deliveries come', async () => {
    const messages = [1, 2, 3].map((n) => ({ eventType: 'a.b', payload: { n } }));
    const { results } = expected(
      202,
      await traced()<{ results: { message: { id: string } }[] }>('POST', `/app/${listener.appId}/msg/batch`, { messages }),
    );
    const links = await eventually(() => {
      const attempts = results.flatMap(({ message }) => spansOf(message.id, 'delivery.attempt'));
      return attempts.length === 3 && new Set(attempts.map((attempt) => attempt.links[0]!.spanId));
    });
    const [accepted] = collector.spans.filter((span) => span.attributes['messaging.batch.message_count'] === 3);
    expect([...links]).toEqual([accepted!.spanId]);
  });

  it.each([
    'nonsense',
    'x'.repeat(4_000),
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `ff-${TRACE}-${SPAN}-01`,
    `${SAMPLED}-more`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  ])('takes a traceparent that is none for nothing: %#', async (traceparent) => {
    const [id] = await deliver(traced(), { traceparent, tracestate: '=,=\t,,' });
    const { served } = await treeOf(id);
    expect(served.parentSpanId ?? '').toBe('');
    expect(served.traceId).not.toBe(TRACE);
  });

  it('keeps nothing of a trace that its sender does not keep, and tells the receiver so', async () => {
    const trace = 'e'.repeat(32);
    const [id, [got]] = await deliver(traced(), { traceparent: `00-${trace}-${SPAN}-00` });
    expect(got!.headers['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    const [other] = await deliver(traced());
    await treeOf(other);
    expect(collector.spans.filter((span) => span.traceId === trace || span.attributes['messaging.message.id'] === id)).toEqual([]);
  });

  it('puts its ids into the logs of both', async () => {
    const [id] = await deliver(traced());
    const { served, attempted } = await treeOf(id);
    await eventually(() => {
      const line = linesOf(api).find(({ span_id: span }) => span === served.spanId);
      expect(line).toMatchObject({ trace_id: served.traceId, req: { method: 'POST' } });
      const ofAttempt = linesOf(worker).find(({ messageId }) => messageId === id);
      expect(ofAttempt).toMatchObject({ trace_id: attempted[0]!.traceId, span_id: attempted[0]!.spanId, reason: 'ok' });
      return true;
    });
  });

  it('tells the collector nothing that is secret or personal', () => {
    const all = JSON.stringify(collector.spans);
    for (const secret of [account.email, account.apiKey, listener.secret, 'with-a-secret', 'hidden', 'collector-key'])
      expect(all).not.toContain(secret);
  });

  it('leaves what the owner of an endpoint set as it is', async () => {
    const own = await listenAt(account, receiver.urlFor('/own'), { headers: { TraceParent: 'mine' } });
    const { id } = expected(202, await traced()<{ id: string }>('POST', `/app/${own.appId}/msg`, { eventType: 'a.b', payload: {} }));
    const got = await eventually(() => receiver.requests.find((request) => request.headers['webhook-id'] === id));
    expect(got.headers['traceparent']).toBe('mine');
    expect(got.headerNames).not.toContain('tracestate');
  });

  describe('where things are not as they should be', () => {
    it('delivers all the same when the collector is away, says so once, and ends in time', async () => {
      await Promise.all([api.stop(), worker.stop()]);
      const away = tracing('http://127.0.0.1:1');
      [api, worker] = await Promise.all([
        startProcess('main', { ...tracing(collector.url), OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' }),
        startProcess('worker', away),
      ]);
      for (let n = 0; n < 3; n++) await deliver(traced());
      const complaints = () => linesOf(worker).filter(({ msg }) => /spans were not exported/.test(String(msg)));
      await eventually(() => complaints().length > 0, { within: 30_000 });
      expect(complaints()).toHaveLength(1);
      expect(complaints()[0]).toMatchObject({ level: 'warn' });
      // By default spans travel as protobuf, in which texts are as they are.
      await eventually(() =>
        collector.others.some(({ type, body }) => type === 'application/x-protobuf' && body.includes('message.accept')),
      );
      expect(await Promise.all([api.stop(), worker.stop()])).toEqual([0, 0]);
    });

    it('hands the trace of the sender on to the receiver when nobody traces here', async () => {
      const local = await startTestWorker(app.environment);
      try {
        const [, [got]] = await deliver(account.organization, { traceparent: SAMPLED, tracestate: 'vendor=1' });
        expect(got!.headers).toMatchObject({ traceparent: SAMPLED, tracestate: 'vendor=1' });
        const [, [bare]] = await deliver(account.organization);
        expect(Object.keys(bare!.headers).filter((name) => name.startsWith('trace'))).toEqual([]);
        const [, [hostile]] = await deliver(account.organization, { traceparent: 'nonsense', tracestate: 'vendor=1' });
        expect(Object.keys(hostile!.headers).filter((name) => name.startsWith('trace'))).toEqual([]);
      } finally {
        await local.close();
      }
    });
  });
});
