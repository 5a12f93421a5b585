import fc from 'fast-check';
import { type Account, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { type Receiver, startReceiver } from '../support/receiver';
import { listenAt, send } from '../support/webhooks';

type Page = {
  readonly data: readonly { readonly id?: string; readonly name?: string }[];
  readonly iterator: string | null;
  readonly prevIterator: string | null;
  readonly done: boolean;
};
type List = {
  readonly path: string;
  /** Ids, or names, of rows that stay while others come and go. */
  readonly stable: readonly string[];
  /** One more row, somewhere in the list. */
  readonly insert: () => Promise<unknown>;
};

const ROWS = 23;
/** Of one walk: a list that grows faster than one reads has no end. */
const MAX_INSERTS = 15;
/** A walk changes its page size and its way as it goes, as people who scroll do. */
const walk = fc.record({
  limits: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
  insertsBetween: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 5 }),
  order: fc.constantFrom('', '&order=ascending', '&order=descending'),
});

describe('a list, while rows are added', () => {
  let app: TestApp;
  let ann: Account;
  let receiver: Receiver;
  let lists: Record<string, List>;

  beforeAll(async () => {
    [app, receiver] = await Promise.all([startTestApp({ worker: true }), startReceiver()]);
    ann = await signUp(app);
    lists = await makeLists();
  });
  afterAll(async () => {
    await app.stop();
    await receiver.stop();
  });

  const create = async (path: string, body: object) =>
    expected(201, await ann.organization<{ id: string; name: string }>('POST', path, body));
  const times = async <T>(make: (n: number) => Promise<T>): Promise<T[]> => {
    const made: T[] = [];
    for (let n = 0; n < ROWS; n++) made.push(await make(n));
    return made;
  };

  async function makeLists(): Promise<Record<string, List>> {
    const application = async () => (await create('/app', { name: 'Acme' })).id;
    // Names sort by themselves: new ones come between the old.
    const eventType = async (name: string) => (await create('/event-type', { name, description: '' })).name;
    let more = 0;
    const { appId, endpointId } = await listenAt(ann, receiver.url);
    const quiet = (await create('/app', { name: 'Quiet' })).id;
    const endpoint = async () => (await create(`/app/${quiet}/endpoint`, { url: 'https://example.com/' })).id;
    const message = () => send(ann, appId);

    const messages = await times(message);
    const attempts = await eventually(
      async () => {
        const { data } = expected(200, await ann.organization<Page>('GET', `/app/${appId}/attempt/endpoint/${endpointId}?limit=250`));
        return data.length === ROWS && data.map(({ id }) => id!);
      },
      { what: 'all attempts' },
    );
    return {
      applications: { path: '/app', stable: await times(application), insert: application },
      'event types': {
        path: '/event-type',
        stable: await times((n) => eventType(`stable.${10 + n}`)),
        insert: () => eventType(`stable.${10 + (more % ROWS)}.${++more}`),
      },
      endpoints: { path: `/app/${quiet}/endpoint`, stable: await times(endpoint), insert: endpoint },
      messages: { path: `/app/${appId}/msg`, stable: messages, insert: message },
      'messages of an endpoint': { path: `/app/${appId}/endpoint/${endpointId}/msg`, stable: messages, insert: message },
      attempts: { path: `/app/${appId}/attempt/endpoint/${endpointId}`, stable: attempts, insert: message },
    };
  }

  it.each(['applications', 'event types', 'endpoints', 'messages', 'messages of an endpoint', 'attempts'])(
    'of %s shows each row that stays exactly once, forth and back',
    async (name) => {
      const { path, stable, insert } = lists[name]!;
      await fc.assert(
        fc.asyncProperty(walk, async ({ limits, insertsBetween, order }) => {
          let [pages, left] = [0, 0];
          const next = async (iterator: string | null): Promise<Page> => {
            const limit = limits[pages % limits.length]!;
            const inserts = insertsBetween[pages++ % insertsBetween.length]!;
            for (let n = 0; n < inserts && left > 0; n++, left--) await insert();
            const from = iterator === null ? '' : `&iterator=${iterator}`;
            return expected(200, await ann.organization<Page>('GET', `${path}?limit=${limit}${from}${order}`));
          };
          const follow = async (from: string | null, cursor: 'iterator' | 'prevIterator') => {
            const seen: string[] = [];
            left = MAX_INSERTS;
            let page = await next(from);
            for (; !page.done; page = await next(page[cursor])) seen.push(...keysOf(page));
            return { seen: [...seen, ...keysOf(page)], last: page };
          };
          const forth = await follow(null, 'iterator');
          expect(timesSeen(forth.seen, stable)).toEqual([1]);
          const back = await follow(forth.last.prevIterator, 'prevIterator');
          expect(timesSeen([...keysOf(forth.last), ...back.seen], stable)).toEqual([1]);
        }),
        { numRuns: 5, seed: 1 },
      );
    },
    60_000,
  );
});

const keysOf = ({ data }: Page): string[] => data.map(({ id, name }) => id ?? name!);

/** The different numbers of times that the stable rows were seen. */
function timesSeen(seen: readonly string[], stable: readonly string[]): number[] {
  return [...new Set(stable.map((key) => seen.filter((one) => one === key).length))];
}
