import { Sql } from '../../src/platform/database/sql';
import { type Account, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { type Receiver, startReceiver } from '../support/receiver';
import { addEndpoint, listenAt, send } from '../support/webhooks';

type Endpoint = { filter: object | null };
type Problem = { detail: { loc: (string | number)[]; msg: string }[] };

const LARGE = { 'order.total': { $gte: 100 } };

describe('an endpoint with a filter', () => {
  let app: TestApp;
  let ann: Account;
  let receiver: Receiver;

  beforeAll(async () => {
    app = await startTestApp({ worker: true });
    ann = await signUp(app);
  });
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.stop());
  afterAll(() => app.stop());

  const order = (appId: string, total: number, settings: object = {}) =>
    send(ann, appId, 0, { payload: { order: { total } }, ...settings });
  const settled = (appId: string) =>
    eventually(
      async () => {
        const tables = ['message_outbox', 'filter_candidate', 'pending_delivery'];
        const open = tables.map((table) => `SELECT 1 FROM ${table} WHERE application_id = $1`).join(' UNION ALL ');
        return (await app.http.get(Sql).run(open, [appId])).length === 0;
      },
      { what: 'nothing is under way' },
    );
  const arrived = (path: string) =>
    receiver.requests.filter((request) => request.path === path).map(({ headers }) => headers['webhook-id']);

  it('gets what matches, and others get everything', async () => {
    const { appId } = await listenAt(ann, receiver.urlFor('/all'));
    await addEndpoint(ann, appId, receiver.urlFor('/large'), { filter: LARGE });
    await addEndpoint(ann, appId, receiver.urlFor('/typed'), { filter: LARGE, channels: ['eu'] });
    const ids = [await order(appId, 99), await order(appId, 100), await order(appId, 101, { channels: ['eu'] })];
    const raw = await send(ann, appId, 0, {
      payload: {},
      transformationsParams: { rawPayload: 'total=100', headers: { 'content-type': 'text/plain' } },
    });
    await settled(appId);
    expect(arrived('/all').sort()).toEqual([...ids, raw].sort());
    expect(arrived('/large').sort()).toEqual(ids.slice(1).sort());
    expect(arrived('/typed')).toEqual(ids.slice(2));
  });

  it('shows it, changes it, and without it gets everything', async () => {
    const { appId, endpointId } = await listenAt(ann, receiver.url, { filter: LARGE });
    const path = `/app/${appId}/endpoint/${endpointId}`;
    const change = async (filter: unknown) => expected(200, await ann.organization<Endpoint>('PATCH', path, { filter })).filter;
    expect(expected(200, await ann.organization<Endpoint>('GET', path)).filter).toEqual(LARGE);
    expect(await change({ 'order.total': 1 })).toEqual({ 'order.total': 1 });
    const wanted = await order(appId, 1);
    await order(appId, 100);
    await settled(appId);
    expect(arrived('/')).toEqual([wanted]);
    expect(await change({})).toBeNull();
    await change(LARGE);
    expect(await change(null)).toBeNull();
    await order(appId, 100);
    await receiver.received(2);
    await change(LARGE);
    expect(expected(200, await ann.organization<Endpoint>('PUT', path, { url: receiver.url })).filter).toBeNull();
  });

  it.each<[string, unknown, (string | number)[]]>([
    ['what is no object', 'total > 100', []],
    ['a list', [{ a: 1 }], []],
    ['an unknown operator', { a: { $regex: '(a+)+$' } }, ['a', '$regex']],
    ['an unknown word', { $where: 'true' }, ['$where']],
    ['a path in a path', { order: { total: 1 } }, ['order', 'total']],
    ['too many conditions', Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`a${n}`, n])), ['a50']],
    ['depth', { $not: { $not: { $not: { $not: { $not: { $not: { a: 1 } } } } } } }, ['$not', '$not', '$not', '$not', '$not', '$not']],
    ['length', { a: 'x'.repeat(9_000) }, []],
  ])('is refused with its place: %s', async (_what, filter, path) => {
    const { appId, endpointId } = await listenAt(ann, receiver.url);
    for (const [method, url] of [
      ['POST', `/app/${appId}/endpoint`],
      ['PUT', `/app/${appId}/endpoint/${endpointId}`],
      ['PATCH', `/app/${appId}/endpoint/${endpointId}`],
    ] as const) {
      const { status, body } = await ann.organization<Problem>(method, url, { url: receiver.url, filter });
      expect({ status, loc: body.detail[0]?.loc }).toEqual({ status: 422, loc: ['body', 'filter', ...path] });
    }
  });

  it('is sent by hand what it does not want; of what was missed it gets what it wants', async () => {
    const { appId } = await listenAt(ann, receiver.urlFor('/all'));
    const missed = await Promise.all([1, 50, 100, 150].map((total) => order(appId, total)));
    await settled(appId);
    const { endpointId } = await addEndpoint(ann, appId, receiver.urlFor('/late'), { filter: LARGE });
    const replay = { since: new Date(Date.now() - 60_000).toISOString() };
    for (const _twice of [1, 2]) {
      const { id } = expected(
        202,
        await ann.organization<{ id: string }>('POST', `/app/${appId}/endpoint/${endpointId}/replay-missing`, replay),
      );
      await eventually(
        async () => (await ann.organization<{ status: string }>('GET', `/background-task/${id}`)).body.status === 'finished',
      );
      await settled(appId);
      expect(arrived('/late').sort()).toEqual(missed.slice(2).sort());
    }
    expected(202, await ann.organization('POST', `/app/${appId}/msg/${missed[0]!}/endpoint/${endpointId}/resend`));
    await settled(appId);
    expect(arrived('/late')).toHaveLength(3);
  });

  it('leaves nothing to read in the database', async () => {
    const { endpointId } = await listenAt(ann, receiver.url, { filter: { 'order.country': 'Persephone' } });
    const [row] = await app.http.get(Sql).run<{ dump: string }>('SELECT e::text AS dump FROM endpoint e WHERE id = $1', [endpointId]);
    expect(row!.dump).not.toContain(Buffer.from('Persephone').toString('hex'));
  });
});
