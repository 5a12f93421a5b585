import { MessageStatus } from 'svix-v1';
import { Webhook } from 'standardwebhooks';
import { signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { type Receiver, startReceiver } from '../support/receiver';
import { Svix1 as Svix, Svix2 } from '../support/sdk';

const MESSAGES = 100;

/** The official client, as users install it, pointed at a listening API. */
describe('svix 1.99.1 sends', () => {
  let app: TestApp;
  let receiver: Receiver;
  let svix: Svix;
  let [token, serverUrl] = ['', ''];

  beforeAll(async () => {
    [app, receiver] = await Promise.all([startTestApp({ worker: true }), startReceiver()]);
    token = (await signUp(app)).apiKey;
    serverUrl = await app.listen();
    svix = new Svix(token, { serverUrl });
  });
  afterAll(async () => {
    await app.stop();
    await receiver.stop();
  });

  it(`${MESSAGES} messages and lists ${MESSAGES} successful attempts`, async () => {
    const application = await svix.application.create({ name: 'Acme' });
    const endpoint = await svix.endpoint.create(application.id, { url: receiver.url });
    const { key } = await svix.endpoint.getSecret(application.id, endpoint.id);
    const sent = await Promise.all(
      Array.from({ length: MESSAGES }, (_, n) => svix.message.create(application.id, { eventType: 'invoice.paid', payload: { n } })),
    );
    const requests = await receiver.received(MESSAGES);
    for (const { body, headers } of requests) expect(() => new Webhook(key).verify(body, headers as Record<string, string>)).not.toThrow();
    expect(new Set(requests.map(({ headers }) => headers['webhook-id']))).toEqual(new Set(sent.map(({ id }) => id)));

    const attempts = await eventually(async () => {
      const { data, done } = await svix.messageAttempt.listByEndpoint(application.id, endpoint.id, {
        limit: 250,
        status: MessageStatus.Success,
      });
      return data.length === MESSAGES && done && data;
    });
    expect(new Set(attempts.map(({ msgId }) => msgId))).toEqual(new Set(sent.map(({ id }) => id)));
  });

  it('and reads messages and attempts back', async () => {
    const application = await svix.application.create({ name: 'Beta', uid: 'beta' });
    await svix.endpoint.create('beta', { url: receiver.url });
    const message = await svix.message.create('beta', { eventType: 'a.b', eventId: 'e1', payload: { big: 'x' }, channels: ['c'] });
    expect(message).toMatchObject({ eventType: 'a.b', eventId: 'e1', payload: { big: 'x' }, channels: ['c'] });
    expect(await svix.message.get(application.id, 'e1')).toEqual(message);
    expect((await svix.message.list('beta', { channel: 'c', eventTypes: ['a.b', 'x'] })).data).toEqual([message]);
    expect((await svix.message.list('beta', { eventTypes: ['x'] })).data).toEqual([]);
    const [attempt] = await eventually(async () => {
      const { data } = await svix.messageAttempt.listByMsg('beta', message.id);
      return data.length > 0 && data;
    });
    expect(await svix.messageAttempt.get('beta', message.id, attempt!.id)).toEqual(attempt);
  });

  it('and expunges what a receiver answered', async () => {
    receiver.answer({ status: 200, body: 'private' });
    await svix.application.create({ name: 'Gamma', uid: 'gamma' });
    await svix.endpoint.create('gamma', { url: receiver.url });
    const { id } = await svix.message.create('gamma', { eventType: 'a.b', payload: {} });
    const [attempt] = await eventually(async () => {
      const { data } = await svix.messageAttempt.listByMsg('gamma', id);
      return data.length > 0 && data;
    });
    expect(attempt).toMatchObject({ response: 'private', url: receiver.url });
    const other = new Svix2(token, { serverUrl });
    await other.messageAttempt.expungeContent('gamma', id, attempt!.id);
    const expunged = { response: 'EXPUNGED', url: attempt!.url };
    expect(await other.messageAttempt.get('gamma', id, attempt!.id)).toMatchObject(expunged);
    await svix.messageAttempt.expungeContent('gamma', id, attempt!.id);
    expect(await other.messageAttempt.get('gamma', id, attempt!.id)).toMatchObject(expunged);
    await expect(svix.messageAttempt.expungeContent('gamma', id, 'atmpt_none')).rejects.toMatchObject({ code: 404 });
  });

  it('and asks how it is', async () => {
    await svix.health.get();
    await new Svix2(token, { serverUrl }).health.get();
    expect(await (await fetch(`${serverUrl}/api/v1/health`)).json()).toEqual({
      database: { status: 'ok' },
      queue: { status: 'ok' },
      cache: { status: 'ok' },
    });
    expect((await fetch(`${serverUrl}/api/v1/health/ping`, { method: 'HEAD' })).status).toBe(204);
  });

  it('and signs out, which ends sessions and no API key', async () => {
    for (const client of [svix, new Svix2(token, { serverUrl })]) {
      await client.authentication.logout();
      expect(await client.application.list()).toMatchObject({ done: true });
    }
  });
});
