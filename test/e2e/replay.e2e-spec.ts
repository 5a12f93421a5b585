import { Sql } from '../../src/platform/database/sql';
import type { INestApplicationContext } from '@nestjs/common';
import { type Account, expected, signUp } from '../support/accounts';
import { startTestApp, startTestWorker, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { type Receiver, startReceiver } from '../support/receiver';
import { addEndpoint, listenAt, send } from '../support/webhooks';

type Task = { id: string; status: string; task: string; data: object; progress: { done: number; total: number } | null };
type Page<Item> = { data: Item[] };

const MINUTE_AGO = () => new Date(Date.now() - 60_000).toISOString();

describe('many messages again', () => {
  let app: TestApp;
  let worker: INestApplicationContext;
  let ann: Account;
  let receiver: Receiver;

  beforeAll(async () => {
    app = await startTestApp({ env: { DELIVERY_RETRY_SCHEDULE: '0', DRAIN_SECONDS: '1' } });
    worker = await startTestWorker(app.environment);
    ann = await signUp(app);
  });
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.stop());
  afterAll(async () => {
    await worker.close();
    await app.stop();
  });

  const begin = async (appId: string, endpointId: string, what: string, body: object) =>
    expected(202, await ann.organization<Task>('POST', `/app/${appId}/endpoint/${endpointId}/${what}`, body));
  const task = async (id: string) => expected(200, await ann.organization<Task>('GET', `/background-task/${id}`));
  const finished = (id: string) =>
    eventually(
      async () => {
        const found = await task(id);
        return found.status === 'finished' && found;
      },
      { within: 20_000, what: 'the end of the task' },
    );
  const idsOf = async (appId: string, endpointId: string, status: number) => {
    const path = `/app/${appId}/endpoint/${endpointId}/msg?limit=250&status=${status}`;
    return expected(200, await ann.organization<Page<{ id: string }>>('GET', path)).data.map(({ id }) => id);
  };
  const sendMany = async (appId: string, count: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let sent = 0; sent < count; sent += 500) {
      const messages = Array.from({ length: Math.min(500, count - sent) }, (_, n) => ({
        eventType: 'invoice.paid',
        payload: { n: sent + n },
      }));
      const reply = await ann.organization<{ results: { message: { id: string } }[] }>('POST', `/app/${appId}/msg/batch`, { messages });
      ids.push(...expected(202, reply).results.map(({ message }) => message.id));
    }
    return ids;
  };
  const arrived = (from = 0) => receiver.requests.slice(from).map(({ headers }) => String(headers['webhook-id']));

  it('recovers what failed, and nothing else', async () => {
    const { appId, endpointId } = await listenAt(ann, receiver.url);
    const good = await send(ann, appId);
    await receiver.received(1);
    receiver.answerBy(() => ({ status: 500 }));
    const bad = await sendMany(appId, 20);
    await eventually(async () => (await idsOf(appId, endpointId, 2)).length === 20);
    receiver.answerBy(() => ({ status: 200 }));
    const { length } = receiver.requests;

    const started = await begin(appId, endpointId, 'recover', { since: MINUTE_AGO() });
    expect(started).toMatchObject({ task: 'endpoint.recover', status: 'running', id: expect.stringMatching(/^qtask_/) as string });
    expect(await finished(started.id)).toMatchObject({ data: { replayed: 20 }, progress: { done: 20, total: 20 } });
    await eventually(async () => (await idsOf(appId, endpointId, 0)).length === 21);
    expect(arrived(length).sort()).toEqual(bad.sort());
    expect(arrived(length)).not.toContain(good);

    const again = await begin(appId, endpointId, 'recover', { since: MINUTE_AGO() });
    expect(await finished(again.id)).toMatchObject({ data: { replayed: 0 } });
  });

  it('takes the times by the word', async () => {
    const { appId, endpointId } = await listenAt(ann, receiver.url);
    const ids = [await send(ann, appId), await send(ann, appId), await send(ann, appId)];
    await eventually(async () => (await idsOf(appId, endpointId, 0)).length === 3);
    const { timestamp } = expected(200, await ann.organization<{ timestamp: string }>('GET', `/app/${appId}/msg/${ids[1]!}`));
    const { id } = await begin(appId, endpointId, 'bulk-replay', { since: timestamp, until: timestamp });
    expect(await finished(id)).toMatchObject({ data: { replayed: 1 } });
    await receiver.received(4);
    expect(arrived(3)).toEqual([ids[1]]);
  });

  it('replays what was missed: what the endpoint wants and was never sent', async () => {
    expect([201, 409]).toContain((await ann.organization('POST', '/event-type', { name: 'invoice.paid', description: '' })).status);
    const { appId } = await listenAt(ann, receiver.urlFor('/early'));
    const missed = await sendMany(appId, 30);
    await send(ann, appId, 99, { eventType: 'unwanted' });
    await receiver.received(31);
    const late = await addEndpoint(ann, appId, receiver.urlFor('/late'), { eventTypes: ['invoice.paid'] });
    const known = await send(ann, appId);
    await receiver.received(33);

    const { id } = await begin(appId, late.endpointId, 'replay-missing', { since: MINUTE_AGO(), until: null });
    expect(await finished(id)).toMatchObject({
      task: 'endpoint.replay',
      data: { replayed: 30 },
      progress: { done: 32, total: 32 },
    });
    await receiver.received(63);
    const came = receiver.requests.filter(({ path }) => path === '/late').map(({ headers }) => headers['webhook-id']);
    expect(came.sort()).toEqual([...missed, known].sort());
  });

  it('replays all that matches a filter, whatever became of it', async () => {
    const { appId, endpointId } = await listenAt(ann, receiver.url);
    receiver.answerBy(({ body }) => ({ status: body.toString() === '{"n":0}' ? 404 : 200 }));
    const refused = await send(ann, appId, 0, { channels: ['c'], tags: ['t'] });
    const ok = await send(ann, appId, 1, { eventType: 'b' });
    await eventually(async () => (await idsOf(appId, endpointId, 2)).length === 1 && (await idsOf(appId, endpointId, 0)).length === 1);
    receiver.answerBy(() => ({ status: 200 }));
    const replayed = async (filter: object) => {
      const { length } = receiver.requests;
      const { id } = await begin(appId, endpointId, 'bulk-replay', { since: MINUTE_AGO(), ...filter });
      const { data } = await finished(id);
      const { replayed: count } = data as { replayed: number };
      await receiver.received(length + count);
      await eventually(async () => (await idsOf(appId, endpointId, 1)).length === 0 && (await idsOf(appId, endpointId, 3)).length === 0);
      return arrived(length).sort();
    };
    expect(await replayed({ statusCodeClass: 400 })).toEqual([refused]);
    expect(await replayed({ status: 2 })).toEqual([]);
    expect(await replayed({ channel: 'c', tag: 't' })).toEqual([refused]);
    expect(await replayed({ tag: 'x' })).toEqual([]);
    expect(await replayed({ eventTypes: ['b', 'x'] })).toEqual([ok]);
    expect(await replayed({ status: 0, statusCodeClass: 200, eventTypes: null, channel: null })).toEqual([refused, ok].sort());
  });

  it('goes as fast as the receiver, on from where it was, in any worker, until it is canceled', async () => {
    const COUNT = 1_100;
    const { id: appId } = expected(201, await ann.organization<{ id: string }>('POST', '/app', { name: 'Many' }));
    await sendMany(appId, COUNT);
    // Or else some are planned for an endpoint that comes later.
    await eventually(async () => (await app.http.get(Sql).run('SELECT 1 FROM message_outbox LIMIT 1')).length === 0);
    receiver.answerBy(() => 'hang');
    const { endpointId } = await addEndpoint(ann, appId, receiver.url);
    const first = await begin(appId, endpointId, 'replay-missing', { since: MINUTE_AGO() });
    const waiting = (id: string) =>
      eventually(
        async () => {
          const { progress, status } = await task(id);
          return status === 'running' && (progress?.done ?? 0) >= 1_000 && progress;
        },
        { within: 20_000, what: 'a task that waits for the receiver' },
      );
    expect(await waiting(first.id)).toMatchObject({ total: COUNT });
    expect((await task(first.id)).progress!.done).toBeLessThan(COUNT);

    const canceled = await ann.organization<Task>('POST', `/background-task/${first.id}/cancel`);
    expect(canceled).toMatchObject({ status: 200, body: { status: 'canceled' } });
    const second = await begin(appId, endpointId, 'replay-missing', { since: MINUTE_AGO() });
    await worker.close();
    receiver.answerBy(() => ({ status: 200 }));
    worker = await startTestWorker(app.environment);
    await finished(second.id);
    await eventually(() => new Set(arrived()).size === COUNT, { within: 20_000, what: 'every message' });
    expect((await ann.organization('POST', `/background-task/${second.id}/cancel`)).body).toMatchObject({ status: 'finished' });
  }, 60_000);

  it('stops at an endpoint that is disabled', async () => {
    const { appId } = await listenAt(ann, receiver.url);
    await send(ann, appId);
    const { endpointId } = await addEndpoint(ann, appId, receiver.urlFor('/off'), { disabled: true });
    const { id } = await begin(appId, endpointId, 'replay-missing', { since: MINUTE_AGO() });
    expect(await finished(id)).toMatchObject({ data: { replayed: 0, stopped: 'endpoint_disabled' } });
  });

  it('refuses times that make no sense', async () => {
    const { appId, endpointId } = await listenAt(ann, receiver.url);
    const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    for (const [what, body, field] of [
      ['recover', { since: at(-15) }, 'since'],
      ['recover', {}, 'since'],
      ['recover', { since: 'yesterday' }, 'since'],
      ['bulk-replay', { since: at(-1), until: at(-2) }, 'until'],
      ['bulk-replay', { since: at(-1), statusCodeClass: 418 }, 'statusCodeClass'],
    ] as const) {
      const reply = await ann.organization('POST', `/app/${appId}/endpoint/${endpointId}/${what}`, body);
      expect(reply).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', field] }] } });
    }
    await begin(appId, endpointId, 'bulk-replay', { since: at(-80) });
  });

  it('lists the tasks of the organization and of no other', async () => {
    const { appId, endpointId } = await listenAt(ann, receiver.url);
    const { id } = await begin(appId, endpointId, 'recover', { since: MINUTE_AGO() });
    await finished(id);
    const list = async (query: string) => expected(200, await ann.organization<Page<Task>>('GET', `/background-task${query}`)).data;
    expect((await list('?limit=1'))[0]).toMatchObject({ id, task: 'endpoint.recover', status: 'finished', data: { replayed: 0 } });
    expect((await list('?task=endpoint.recover&status=finished')).map((found) => found.id)).toContain(id);
    expect(await list('?status=failed')).toEqual([]);
    const eve = await signUp(app, 'Eve');
    expect(
      (await eve.organization<Page<Task>>('GET', '/background-task')).body.data.filter((found) => found.task.startsWith('endpoint.')),
    ).toEqual([]);
    expect(await eve.organization('GET', `/background-task/${id}`)).toMatchObject({ status: 404 });
    expect(await eve.organization('POST', `/background-task/${id}/cancel`)).toMatchObject({ status: 404 });
  });
});
