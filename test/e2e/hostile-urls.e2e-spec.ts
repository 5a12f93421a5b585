import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { REFUSED_URLS, REFUSED_WHEN_DIALLED } from '../../src/platform/outbound/testing/hostile-urls';
import { type Account, callerOf, expected, signUp } from '../support/accounts';
import { startTestApi, startTestApp, type TestApp } from '../support/app';
import { logDials } from '../support/dial-log';
import { eventually } from '../support/eventually';
import { askInstead, type NameServer, type Records, startNameServer } from '../support/name-server';
import { send } from '../support/webhooks';

type Problem = { code: string; detail: { loc: string[]; msg: string }[] };
type Attempts = { data: { id: string; reason: string; msgId: string }[]; done: boolean };

/** Here a receiver may listen: it stands for the public Internet. Everything else on this machine is inside. */
const OUTSIDE = '127.0.0.2';

const RECORDS: Readonly<Record<string, Records>> = {
  'outside.example.com': [OUTSIDE],
  '127.0.0.1.nip.io': ['127.0.0.1'],
  '10.0.0.1.nip.io': ['10.0.0.1'],
  'metadata.goog': ['169.254.169.254'],
  'localtest.me': ['127.0.0.1', '::1'],
  'mixed.example.com': [OUTSIDE, '127.0.0.1'],
  'aaaa.example.com': [OUTSIDE, '::1'],
  'mapped.example.com': ['::ffff:127.0.0.1'],
  'translated.example.com': ['64:ff9b::7f00:1'],
  'many.example.com': [...Array<string>(999).fill(OUTSIDE), '10.0.0.1'],
};
const NAMES_INSIDE = Object.keys(RECORDS).filter((name) => name.endsWith('example.com') && name !== 'outside.example.com');

describe('URLs that lead inside', () => {
  let app: TestApp;
  let ann: Account;
  let appId: string;
  let names: NameServer;
  let outside: Server;
  let reached = 0;
  let answers: Records[] = [];
  let log: ReturnType<typeof logDials>;
  const undo: (() => unknown)[] = [];

  beforeAll(async () => {
    log = logDials();
    undo.push(() => log.end());
    // A name that nobody knows leads inside as well: none of those below has an address of its own.
    names = await startNameServer((name) => (name === 'rebinding.example.com' ? (answers[0] ?? []) : (RECORDS[name] ?? ['127.0.0.1'])));
    undo.push(() => names.stop(), askInstead(names));
    outside = createServer((_, response) => {
      reached++;
      response.end();
    }).listen(0, OUTSIDE);
    await once(outside, 'listening');
    undo.push(() => outside.close().closeAllConnections());
    app = await startTestApp({ worker: true, env: { DELIVERY_ALLOW_CIDRS: `${OUTSIDE}/32`, API_RATE_LIMIT: '0' } });
    undo.push(() => app.stop());
    ann = await signUp(app);
    const schemas = { 1: { type: 'object', examples: [{}] } };
    expected(201, await ann.organization('POST', '/event-type', { name: 'invoice.paid', description: '', schemas }));
  });
  beforeEach(async () => {
    appId = expected(201, await ann.organization<{ id: string }>('POST', '/app', { name: 'Acme' })).id;
  });
  afterAll(async () => {
    for (const step of undo.reverse()) await step();
  });

  const portOutside = () => (outside.address() as AddressInfo).port;
  const create = (url: string, by = ann.organization) =>
    by<{ id: string } & Problem>('POST', `/app/${appId}/endpoint`, { url, retrySchedule: [] });
  const attemptsAt = async (endpointId: string) =>
    expected(200, await ann.organization<Attempts>('GET', `/app/${appId}/attempt/endpoint/${endpointId}?limit=250`)).data;
  /** What the attempts at each endpoint say, as soon as there are so many. */
  const reasonsAt = async (endpoints: Iterable<string>, count: number) => {
    const reasons = new Set<string>();
    for (const id of endpoints) {
      const attempts = await eventually(
        async () => {
          const found = await attemptsAt(id);
          return found.length >= count && found;
        },
        { within: 60_000, what: `${count} attempts at ${id}` },
      );
      for (const { reason } of attempts) reasons.add(reason);
    }
    return [...reasons];
  };

  it('are refused, with the reason, when an endpoint is made and when it is changed', async () => {
    const { id } = expected(201, await create('https://example.com/'));
    const path = `/app/${appId}/endpoint/${id}`;
    for (const [url, why] of REFUSED_URLS) {
      const replies = [
        await create(url),
        await ann.organization<Problem>('PUT', path, { url }),
        await ann.organization<Problem>('PATCH', path, { url }),
      ];
      for (const { status, body } of replies) {
        expect([url, status, body.detail[0]?.loc]).toEqual([url, 422, ['body', 'url']]);
        expect(body.detail[0]?.msg).toContain(why);
      }
    }
    expect(expected(200, await ann.organization<{ url: string }>('GET', path)).url).toBe('https://example.com/');
  }, 120_000);

  it('are never dialled, though they were stored while more was allowed', async () => {
    const lenient = await startTestApi({ ...app.environment, DELIVERY_ALLOW_CIDRS: '0.0.0.0/0,::/0' });
    undo.push(() => lenient.close());
    const operator = callerOf({ http: lenient }, ann.apiKey);
    const stored = new Map<string, string>();
    for (const [url] of REFUSED_URLS) {
      const { status, body } = await create(url, operator);
      if (status === 201) stored.set(body.id, url);
    }
    // What is no URL of a receiver wherever it leads can never be stored.
    expect(stored.size).toBeGreaterThan(80);
    for (const url of [...REFUSED_WHEN_DIALLED, ...NAMES_INSIDE.map((name) => `http://${name}/`)])
      stored.set(expected(201, await create(url)).id, url);

    const from = log.dials.length;
    const message = await send(ann, appId);
    const said: string[] = [];
    for (const [id] of stored) {
      const path = `/app/${appId}/endpoint/${id}`;
      said.push(expected(200, await ann.organization<{ reason: string }>('POST', `${path}/challenge`)).reason);
      expected(200, await ann.organization('POST', `${path}/send-example`, { eventType: 'invoice.paid' }));
    }
    expect(new Set(said)).toEqual(new Set(['ssrf_blocked']));
    expect(await reasonsAt(stored.keys(), 2)).toEqual(['ssrf_blocked']);
    for (const [id] of stored) expected(202, await ann.organization('POST', `/app/${appId}/msg/${message}/endpoint/${id}/resend`));
    expect(await reasonsAt(stored.keys(), 3)).toEqual(['ssrf_blocked']);
    const since = new Date(Date.now() - 600_000).toISOString();
    const replayed = [...stored.keys()].filter((_, n) => n % 10 === 0);
    for (const id of replayed) expected(202, await ann.organization('POST', `/app/${appId}/endpoint/${id}/recover`, { since }));
    expect(await reasonsAt(replayed, 5)).toEqual(['ssrf_blocked']);

    // PostgreSQL, Redis and the mail server: what this process is made of.
    const own = [process.env['TEST_DATABASE_URL']!, process.env['TEST_REDIS_URL']!, app.environment['SMTP_URL']!].map(
      (url) => new URL(url).host,
    );
    expect(log.dials.slice(from).filter((dial) => !own.includes(dial))).toEqual([]);
    expect(names.questions).toEqual(expect.arrayContaining(['127.0.0.1.nip.io A', 'mixed.example.com A', 'aaaa.example.com AAAA']));
    expect(reached).toBe(0);
  }, 240_000);

  it('are not dialled when the name changes its answer between two attempts', async () => {
    answers = [[OUTSIDE]];
    const url = `http://rebinding.example.com:${portOutside()}/`;
    const { id } = expected(201, await create(url));
    await send(ann, appId);
    expect(await reasonsAt([id], 1)).toEqual(['ok']);
    expect([log.dials.includes(`${OUTSIDE}:${portOutside()}`), reached]).toEqual([true, 1]);
    answers = [['127.0.0.1']];
    // The connection that was judged may be used again; a new one is judged anew.
    outside.closeAllConnections();
    await send(ann, appId);
    await reasonsAt([id], 2);
    expect((await attemptsAt(id)).map(({ reason }) => reason).sort()).toEqual(['ok', 'ssrf_blocked']);
    expect(reached).toBe(1);
  });
});
