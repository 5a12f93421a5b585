import { Svix as Svix2 } from 'svix';
import { MessageStatus, Svix as Svix1 } from 'svix-v1';
import { signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { type Receiver, startReceiver } from '../support/receiver';

/** Both generations of the official client, as users install them. */
describe.each([
  ['svix 1.99.1', Svix1],
  ['svix 2.5.0', Svix2 as unknown as typeof Svix1],
])('%s', (_, Svix) => {
  let app: TestApp;
  let receiver: Receiver;
  let svix: Svix1;

  beforeAll(async () => {
    app = await startTestApp({ worker: true, env: { DELIVERY_RETRY_SCHEDULE: '0' } });
    svix = new Svix((await signUp(app)).apiKey, { serverUrl: await app.listen() });
  });
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.stop());
  afterAll(() => app.stop());

  /** An application with one endpoint. */
  async function listening(uid: string): Promise<{ appId: string; endpointId: string }> {
    const { id: appId } = await svix.application.create({ name: uid, uid });
    const { id: endpointId } = await svix.endpoint.create(appId, { url: receiver.url, uid: `${uid}-ep` });
    return { appId, endpointId };
  }

  const settled = (appId: string, messageId: string, status: MessageStatus) =>
    eventually(async () => {
      const { data } = await svix.messageAttempt.listAttemptedDestinations(appId, messageId);
      return data.length > 0 && data.every((destination) => destination.status === status) && data;
    });

  it('sends a message again, and lists where it went', async () => {
    const { appId, endpointId } = await listening('resend');
    const { id } = await svix.message.create('resend', { eventType: 'a', eventId: 'e1', payload: { n: 1 }, channels: ['c'] });
    const [destination] = await settled(appId, id, MessageStatus.Success);
    expect(destination).toMatchObject({ id: endpointId, uid: 'resend-ep', url: receiver.url, status: 0, nextAttempt: null });
    expect(destination?.createdAt).toBeInstanceOf(Date);

    expect(await svix.messageAttempt.resend('resend', 'e1', 'resend-ep')).toEqual({});
    await receiver.received(2);
    const attempts = await eventually(async () => {
      const { data } = await svix.messageAttempt.listByMsg(appId, id, {
        withContent: true,
        endpointId,
        channel: 'c',
        status: MessageStatus.Success,
      });
      return data.length === 2 && data;
    });
    expect(attempts.map(({ triggerType }) => triggerType)).toEqual([1, 0]);
    await settled(appId, id, MessageStatus.Success);

    const messages = await svix.messageAttempt.listAttemptedMessages('resend', 'resend-ep', {
      status: MessageStatus.Success,
      channel: 'c',
      eventTypes: ['a', 'b'],
      after: new Date(Date.now() - 3_600_000),
      before: new Date(Date.now() + 3_600_000),
      withContent: true,
      expandedStatuses: true,
    });
    expect(messages).toMatchObject({
      done: true,
      data: [{ id, eventId: 'e1', statusText: 'success', payload: { n: 1 }, channels: ['c'] }],
    });
    expect(await svix.endpoint.getStats('resend', 'resend-ep')).toEqual({ success: 2, fail: 0, pending: 0, sending: 0, canceled: 0 });
    const since = new Date(Date.now() - 86_400_000);
    expect(await svix.endpoint.getStats(appId, endpointId, { since, until: new Date() })).toMatchObject({ success: 2 });
  });
});
