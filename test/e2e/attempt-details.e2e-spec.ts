import { Sql } from '../../src/platform/database/sql';
import { type Account, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { type Receiver, startReceiver } from '../support/receiver';
import { listenAt, send } from '../support/webhooks';

type Details = {
  requestHeaders: Record<string, string>;
  responseHeaders: Record<string, string>;
  address: string | null;
  timings: Record<string, number | null>;
};
type Attempt = { id: string; reason: string; reasonText: string; details: Details | null };

describe('an attempt', () => {
  let app: TestApp;
  let ann: Account;
  let receiver: Receiver;

  beforeAll(async () => {
    app = await startTestApp({ worker: true, env: { DELIVERY_RETRY_SCHEDULE: '0,0,0,0', DELIVERY_TIMEOUT_MS: '1000' } });
    ann = await signUp(app);
  });
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.stop());
  afterAll(() => app.stop());

  const attempts = (appId: string, messageId: string, count: number) =>
    eventually(async () => {
      const path = `/app/${appId}/attempt/msg/${messageId}`;
      const { data } = expected(200, await ann.organization<{ data: Attempt[] }>('GET', path));
      return data.length >= count && data;
    });

  it('tells what went over the wire, how long it took and where it went, and hides credentials', async () => {
    receiver.answer({ status: 200, headers: { 'x-answer': 'yes', 'set-cookie': 'a=b' } });
    const headers = { 'X-Team': 'blue', Authorization: 'Bearer top-secret' };
    const { appId } = await listenAt(ann, receiver.url, { headers });
    const id = await send(ann, appId);
    const [first] = await attempts(appId, id, 1);
    expect(first).toMatchObject({
      reason: 'ok',
      reasonText: 'The endpoint answered with success.',
      details: {
        requestHeaders: { 'X-Team': 'blue', Authorization: '[hidden]', 'webhook-id': id, 'content-type': 'application/json' },
        responseHeaders: { 'x-answer': 'yes', 'set-cookie': 'a=b' },
        address: '127.0.0.1',
        timings: { dnsMs: null, connectMs: expect.any(Number) as number, tlsMs: null, firstByteMs: expect.any(Number) as number },
      },
    });
    expect(expected(200, await ann.organization('GET', `/app/${appId}/msg/${id}/attempt/${first!.id}`))).toEqual(first);
    // The connection is open by now.
    const [again] = await attempts(appId, await send(ann, appId), 1);
    expect(again?.details?.timings).toMatchObject({ connectMs: null, firstByteMs: expect.any(Number) as number });
    const { body } = await ann.organization('GET', `/app/${appId}/attempt/msg/${id}?with_content=false`);
    expect(body).toMatchObject({ data: [{ details: null, reason: 'ok', url: receiver.url }] });
  });

  it('knows the connection also when there is no answer', async () => {
    receiver.answer('reset');
    const { appId } = await listenAt(ann, receiver.url);
    const [, lost] = await attempts(appId, await send(ann, appId), 2);
    expect(lost).toMatchObject({
      reason: 'connection_lost',
      details: { address: '127.0.0.1', responseHeaders: {}, timings: { firstByteMs: null } },
    });
  });

  it('and knows of none where nobody listens', async () => {
    const gone = await startReceiver();
    await gone.stop();
    const { appId } = await listenAt(ann, gone.url);
    const [refused] = await attempts(appId, await send(ann, appId), 1);
    expect(refused).toMatchObject({ reason: 'tcp_refused', details: { address: null, timings: { connectMs: null } } });
  });

  it('may be a turning point, which is told with it', async () => {
    const told = async (messageId: string) => {
      const statement = `SELECT type, payload FROM outbox_event WHERE type LIKE 'message.attempt.%' AND payload ->> 'messageId' = $1 ORDER BY id`;
      return app.http.get(Sql).run<{ type: string; payload: Record<string, unknown> }>(statement, [messageId]);
    };
    const { appId, endpointId } = await listenAt(ann, receiver.url);
    receiver.answer(...Array.from({ length: 4 }, () => ({ status: 503 })));
    const recovered = await send(ann, appId);
    const [last] = await attempts(appId, recovered, 5);
    expect(await eventually(async () => (await told(recovered)).length === 2 && told(recovered))).toEqual([
      { type: 'message.attempt.failing', payload: expect.objectContaining({ responseStatusCode: 503 }) as object },
      {
        type: 'message.attempt.recovered',
        payload: {
          applicationId: appId,
          messageId: recovered,
          endpointId,
          attemptId: last!.id,
          responseStatusCode: 200,
          attemptedAt: expect.any(String) as string,
        },
      },
    ]);
    receiver.answerBy(() => ({ status: 503 }));
    const lost = await send(ann, appId);
    await eventually(async () => (await told(lost)).length === 2);
    expect((await told(lost)).map(({ type }) => type)).toEqual(['message.attempt.failing', 'message.attempt.exhausted']);
    receiver.answerBy(() => ({ status: 200 }));
    const easy = await send(ann, appId);
    await attempts(appId, easy, 1);
    expect(await told(easy)).toEqual([]);
  });
});
