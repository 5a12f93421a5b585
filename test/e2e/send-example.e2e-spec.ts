import { Webhook } from 'standardwebhooks';
import { type Account, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { type Receiver, startReceiver } from '../support/receiver';
import { addEndpoint, listenAt } from '../support/webhooks';

const INVOICE = { id: 'in_1', lines: [{ amount: 4200 }] };

describe('an example for an endpoint', () => {
  let app: TestApp;
  let ann: Account;
  let receiver: Receiver;

  beforeAll(async () => {
    app = await startTestApp({ worker: true });
    ann = await signUp(app);
    const eventTypes: [string, object | null, string?][] = [
      ['invoice.paid', { 1: { type: 'object', examples: [INVOICE, {}] }, 2: { examples: [{ id: 'newer' }] } }],
      ['invoice.sent', { 1: { type: 'object' }, 3: { examples: [{ id: 'of three' }] } }],
      ['invoice.bare', { 1: { type: 'object' } }],
      ['invoice.none', null],
      ['invoice.broken', { 1: { required: ['id'], examples: [{}] } }, 'reject'],
    ];
    for (const [name, schemas, validation = 'off'] of eventTypes)
      expected(201, await ann.organization('POST', '/event-type', { name, description: '', schemas, validation }));
  });
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.stop());
  afterAll(() => app.stop());

  const sendExample = (appId: string, endpointId: string, eventType: unknown, key?: string) =>
    ann.organization<{ id: string; payload: object; code: string; detail: unknown }>(
      'POST',
      `/app/${appId}/endpoint/${endpointId}/send-example`,
      { eventType },
      key === undefined ? {} : { 'idempotency-key': key },
    );

  it('goes to it signed, and to no other', async () => {
    const { appId, endpointId, secret } = await listenAt(ann, receiver.urlFor('/one'));
    const other = await addEndpoint(ann, appId, receiver.urlFor('/other'));
    const message = expected(200, await sendExample(appId, endpointId, 'invoice.paid'));
    expect(message).toMatchObject({ eventType: 'invoice.paid', payload: INVOICE, eventId: null, channels: null, state: 'accepted' });
    const [request] = await receiver.received(1);
    expect(request).toMatchObject({ path: '/one', headers: { 'webhook-id': message.id } });
    expect(new Webhook(secret).verify(request!.body, request!.headers as Record<string, string>)).toEqual(INVOICE);
    // Neither at once nor when somebody sends the other endpoint what it missed.
    const since = new Date(Date.now() - 60_000).toISOString();
    const missing = await ann.organization<{ id: string }>('POST', `/app/${appId}/endpoint/${other.endpointId}/replay-missing`, { since });
    const { id: task } = expected(202, missing);
    const replay = await eventually(async () => {
      const { body } = await ann.organization<{ status: string; data: object }>('GET', `/background-task/${task}`);
      return body.status === 'finished' && body;
    });
    expect(replay.data).toMatchObject({ replayed: 0 });
    expect(receiver.requests.map(({ path }) => path)).toEqual(['/one']);
  });

  it('comes whatever types and channels the endpoint wants, named by uids', async () => {
    const { appId } = await listenAt(ann, receiver.url, { uid: 'main', eventTypes: ['invoice.paid'], channels: ['c'] });
    expect(expected(200, await sendExample(appId, 'main', 'invoice.sent')).payload).toEqual({ id: 'of three' });
    const ping = expected(200, await sendExample(appId, 'main', 'svix.ping'));
    expect(ping).toMatchObject({ eventType: 'svix.ping', payload: { success: true } });
    const requests = await receiver.received(2);
    expect(requests.map(({ body }) => body.toString()).sort()).toEqual(['{"id":"of three"}', '{"success":true}']);
  });

  it('is sent once for each idempotency key', async () => {
    const { appId, endpointId } = await listenAt(ann, receiver.url);
    const { id } = expected(200, await sendExample(appId, endpointId, 'svix.ping', 'once'));
    expect(expected(200, await sendExample(appId, endpointId, 'svix.ping', 'once')).id).toBe(id);
  });

  it.each(['invoice.bare', 'invoice.none'])('is refused where there is none: %s', async (eventType) => {
    const { appId, endpointId } = await listenAt(ann, receiver.url);
    expect(await sendExample(appId, endpointId, eventType)).toMatchObject({ status: 400, body: { code: 'invalid_scheme' } });
  });

  it('is refused with what is wrong about it', async () => {
    const { appId, endpointId } = await listenAt(ann, receiver.url);
    const refusals: [unknown, unknown[]][] = [
      ['invoice.unknown', ['body', 'eventType']],
      ['', ['body', 'eventType']],
      [7, ['body', 'eventType']],
      [undefined, ['body', 'eventType']],
      ['invoice.broken', ['body', 'payload']],
    ];
    for (const [eventType, loc] of refusals)
      expect(await sendExample(appId, endpointId, eventType)).toMatchObject({ status: 422, body: { detail: [{ loc }] } });
    for (const endpoint of ['ep_unknown', 'none', '%00'])
      expect(await sendExample(appId, endpoint, 'svix.ping')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});
