import { BackgroundTaskStatus, BackgroundTaskType, MessageStatus, Ordering, StatusCodeClass } from 'svix-v1';
import { signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { type Receiver, startReceiver } from '../support/receiver';
import { Svix1, Svix2 } from '../support/sdk';

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
    const { data: byEndpoint } = await svix.messageAttempt.listByEndpoint('resend', 'resend-ep', { withMsg: true, limit: 1 });
    expect(byEndpoint).toMatchObject([{ msgId: id, endpointId, msg: { id, eventId: 'e1', channels: ['c'] } }]);
    expect(await svix.messageAttempt.get(appId, id, byEndpoint[0]!.id, { expandedStatuses: true })).toMatchObject({
      status: 0,
      triggerType: 1,
    });

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

  it('recovers and replays in the background, and shows the tasks', async () => {
    const { appId, endpointId } = await listening('recovery');
    receiver.answerBy(() => ({ status: 500 }));
    const { id } = await svix.message.create('recovery', { eventType: 'a', payload: {}, channels: ['c'] });
    await settled(appId, id, MessageStatus.Fail);
    receiver.answerBy(() => ({ status: 200 }));
    const since = new Date(Date.now() - 3_600_000);
    const finished = (taskId: string) =>
      eventually(async () => {
        const task = await svix.backgroundTask.get(taskId);
        return task.status === BackgroundTaskStatus.Finished && task;
      });

    const recovery = await svix.endpoint.recover('recovery', 'recovery-ep', { since, until: new Date() });
    expect(recovery).toMatchObject({ status: 'running', task: 'endpoint.recover', id: expect.stringMatching(/^qtask_/) as string });
    expect(await finished(recovery.id)).toMatchObject({ data: { replayed: 1 } });
    await settled(appId, id, MessageStatus.Success);

    const missing = await svix.endpoint.replayMissing(appId, endpointId, { since });
    expect(await finished(missing.id)).toMatchObject({ task: BackgroundTaskType.EndpointReplay, data: { replayed: 0 } });

    const { length } = receiver.requests;
    const filter = { eventTypes: ['a'], channel: 'c', status: MessageStatus.Success, statusCodeClass: StatusCodeClass.Code2xx };
    const bulk = await svix.endpoint.bulkReplay(appId, endpointId, { since, ...filter });
    expect(await finished(bulk.id)).toMatchObject({ task: 'endpoint.bulk-replay', data: { replayed: 1 } });
    await receiver.received(length + 1);

    const { data } = await svix.backgroundTask.list({ limit: 2, order: Ordering.Descending, status: BackgroundTaskStatus.Finished });
    expect(data.map((task) => task.id)).toEqual([bulk.id, missing.id]);
    const recoveries = await svix.backgroundTask.list({ task: BackgroundTaskType.EndpointRecover });
    expect(recoveries).toMatchObject({ done: true, data: [{ id: recovery.id, status: 'finished' }] });
    expect(recoveries.data[0]!.updatedAt).toBeInstanceOf(Date);
    // A former name, and only of the older generation.
    if (Svix === Svix1) expect(await svix.backgroundTask.listByEndpoint({ task: BackgroundTaskType.EndpointRecover })).toEqual(recoveries);
  });
});
