import { type Account, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { type Receiver, startReceiver } from '../support/receiver';
import { addEndpoint, send } from '../support/webhooks';

type Explained = {
  endpointId: string;
  endpointUid: string | null;
  url: string;
  outcome: string;
  reason: string;
  sentence: string;
  status: number | null;
  attempts: number;
  nextAttempt: string | null;
  changedSince: boolean;
};
type Page = { data: Explained[]; iterator: string | null; prevIterator: string | null; done: boolean };

describe('GET /app/{app}/msg/{msg}/explain', () => {
  let app: TestApp;
  let ann: Account;
  let receiver: Receiver;

  beforeAll(async () => {
    [app, receiver] = await Promise.all([startTestApp({ worker: true, env: { DELIVERY_RETRY_SCHEDULE: '3600' } }), startReceiver()]);
    ann = await signUp(app);
    for (const name of ['invoice.paid', 'other']) expected(201, await ann.organization('POST', '/event-type', { name, description: '' }));
  });
  afterAll(async () => {
    await app.stop();
    await receiver.stop();
  });

  const application = async () => expected(201, await ann.organization<{ id: string }>('POST', '/app', { name: 'Acme' })).id;
  const explain = async (appId: string, message: string, query = '') =>
    expected(200, await ann.organization<Page>('GET', `/app/${appId}/msg/${message}/explain${query}`));
  const byUid = ({ data }: Page): Record<string, Explained> => Object.fromEntries(data.map((each) => [each.endpointUid ?? '', each]));

  it('tells why each endpoint got a message or did not', async () => {
    const appId = await application();
    const at = (path: string, settings: object) => addEndpoint(ann, appId, receiver.urlFor(path), { uid: path.slice(1), ...settings });
    receiver.answerBy(({ path }) => ({ status: path === '/fails' ? 500 : path === '/gone' ? 410 : 200 }));
    await at('/ok', {});
    await at('/fails', {});
    await at('/gone', {});
    await at('/typed', { eventTypes: ['other'] });
    await at('/channeled', { channels: ['eu'] });
    await at('/filtered', { filter: { n: { $gt: 5 } } });
    await at('/matching', { filter: { n: 5 } });
    await at('/disabled', { disabled: true });
    await at('/doomed', { eventTypes: ['other'] });
    const id = await send(ann, appId, 5, { eventId: 'five' });
    const settled = await eventually(async () => {
      const found = byUid(await explain(appId, id));
      const outcomes = ['ok', 'fails', 'gone', 'matching'].map((uid) => found[uid]!);
      return outcomes.every(({ attempts }) => attempts === 1) && found;
    });
    expect(Object.fromEntries(Object.entries(settled).map(([uid, { outcome, reason }]) => [uid, `${outcome} ${reason}`]))).toEqual({
      ok: 'delivered matched',
      matching: 'delivered matched',
      fails: 'pending matched',
      gone: 'failed http_410_gone',
      typed: 'not_sent event_type',
      channeled: 'not_sent channel',
      filtered: 'not_sent filter',
      disabled: 'not_sent disabled',
      doomed: 'not_sent event_type',
    });
    expect(settled['ok']).toEqual({
      endpointId: expect.stringMatching(/^ep_/) as string,
      endpointUid: 'ok',
      url: receiver.urlFor('/ok'),
      outcome: 'delivered',
      reason: 'matched',
      sentence: 'The endpoint got the message.',
      status: 0,
      attempts: 1,
      nextAttempt: null,
      changedSince: false,
    });
    expect(settled['fails']).toMatchObject({ status: 1, attempts: 1, nextAttempt: expect.any(String) as string });

    await at('/late', {});
    expected(204, await ann.organization('DELETE', `/app/${appId}/endpoint/doomed`));
    expected(200, await ann.organization('PATCH', `/app/${appId}/endpoint/typed`, { description: 'changed' }));
    expected(204, await ann.organization('DELETE', `/app/${appId}/msg/${id}/content`));
    const later = byUid(await explain(appId, 'five'));
    expect(later['late']).toMatchObject({ outcome: 'not_sent', reason: 'created_later' });
    expect(later['doomed']).toMatchObject({ outcome: 'not_sent', reason: 'event_type', changedSince: true });
    expect(later['typed']).toMatchObject({ changedSince: true, sentence: expect.stringMatching(/changed after/) as string });
    expect(later['filtered']).toMatchObject({ reason: 'filter', sentence: expect.stringMatching(/payload is gone/) as string });

    const second = await send(ann, appId, 5);
    const listed = (await explain(appId, second)).data.map(({ endpointUid }) => endpointUid);
    expect([listed.includes('late'), listed.includes('doomed')]).toEqual([true, false]);
  });

  it('tells of messages that wait for their time, and of those that were canceled', async () => {
    const appId = await application();
    await addEndpoint(ann, appId, receiver.url, {});
    const deliverAt = new Date(Date.now() + 3_600_000).toISOString();
    const id = await send(ann, appId, 1, { deliverAt });
    expect((await explain(appId, id)).data).toMatchObject([{ outcome: 'pending', reason: 'scheduled', status: null }]);
    expected(204, await ann.organization('DELETE', `/app/${appId}/msg/${id}`));
    expect((await explain(appId, id)).data).toMatchObject([{ outcome: 'not_sent', reason: 'message_canceled' }]);
  });

  it('goes page by page, both ways, past endpoints that were deleted since', async () => {
    const appId = await application();
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.push((await addEndpoint(ann, appId, receiver.url, { eventTypes: ['other'] })).endpointId);
    const message = await send(ann, appId);
    for (const n of [1, 4]) expected(204, await ann.organization('DELETE', `/app/${appId}/endpoint/${ids[n]!}`));
    const of = ({ data }: Page) => data.map(({ endpointId }) => endpointId);
    const first = await explain(appId, message, '?limit=2');
    expect(of(first)).toEqual([ids[4], ids[3]]);
    const second = await explain(appId, message, `?limit=2&iterator=${first.iterator!}`);
    expect([of(second), second.done]).toEqual([[ids[2], ids[1]], false]);
    expect(of(await explain(appId, message, `?limit=2&iterator=${second.prevIterator!}`))).toEqual(of(first));
    expect(of(await explain(appId, message, '?order=ascending'))).toEqual(ids);
  });

  it('knows no message that is not there', async () => {
    const appId = await application();
    for (const id of ['msg_000000000000000000000000000', 'none', '%00'])
      expect((await ann.organization('GET', `/app/${appId}/msg/${id}/explain`)).status).toBe(404);
  });
});
