import { DataSource } from 'typeorm';
import { ListAttempts, ListAttemptsHandler } from '../../src/modules/webhooks/deliveries/queries/list-attempts';
import { ListEndpointMessages, ListEndpointMessagesHandler } from '../../src/modules/webhooks/deliveries/queries/list-endpoint-messages';
import { ListMessages, ListMessagesHandler } from '../../src/modules/webhooks/messages/queries/list-messages';
import type { Cipher } from '../../src/platform/crypto/cipher';
import { dataSourceOptions } from '../../src/platform/database/data-source';
import { Sql } from '../../src/platform/database/sql';
import type { ListPage, PageRequest } from '../../src/platform/http/list-page';
import { firstIdAt } from '../../src/platform/ids/id';
import { SystemClock } from '../../src/platform/time/clock';
import type { Bench } from '../support/bench';
import { type History, HISTORY_DAYS } from '../support/history';
import { type Figure, percentile } from '../support/report';

const RUNS = 30;
const P95_MS = 150;
const DAY_MS = 86_400_000;

/** What is sealed costs the same on every page, and is left out: this is about finding rows. */
const unsealed = { open: () => Promise.resolve(Buffer.from('{}')), openJson: () => Promise.resolve({}) } as unknown as Cipher;

type List = (filter: object, page: PageRequest) => Promise<ListPage<unknown>>;

/** Each list of messages, deliveries and attempts with each of its filters: the first page, and one from the middle of the history. */
export async function lists(bench: Bench): Promise<Figure[]> {
  const history = await bench.history();
  const dataSource = await new DataSource(dataSourceOptions({ url: history.database.url, poolSize: 4 })).initialize();
  try {
    const sql = new Sql(dataSource);
    const middle = new Date(Date.now() - (HISTORY_DAYS / 2) * DAY_MS);
    const figures: Figure[] = [];
    for (const [what, { list, prefix, filters }] of Object.entries(listsOf(sql, history))) {
      // The first on a connection learns of all partitions, once.
      for (let run = 0; run < RUNS; run++) await list({}, { limit: 50, iterator: null, order: 'descending' });
      for (const filter of filters) {
        for (const [where, iterator] of [
          ['first page', null],
          ['deep page', firstIdAt(prefix, middle)],
        ] as const) {
          const times: number[] = [];
          for (let run = 0; run < RUNS; run++) {
            const start = performance.now();
            await list(filter, { limit: 50, iterator, order: 'descending' });
            times.push(performance.now() - start);
          }
          figures.push({ what: `${what} ${JSON.stringify(filter)}, ${where}`, value: percentile(times, 95), unit: 'ms', target: P95_MS });
        }
      }
    }
    return figures;
  } finally {
    await dataSource.destroy();
  }
}

function listsOf(sql: Sql, { organizationId, applicationId, endpointId, messageId }: History) {
  const clock = new SystemClock();
  const attempts = new ListAttemptsHandler(sql, unsealed, clock);
  const delivered = new ListEndpointMessagesHandler(sql, unsealed, clock);
  const messages = new ListMessagesHandler(sql, unsealed, clock);
  const shown = { withContent: true, expandedStatuses: true };
  const byEndpoint: List = (filter, page) =>
    attempts.execute(new ListAttempts(organizationId, { endpointId }, filter, page, { withContent: true, withMessage: true }));
  const byMessage: List = (filter, page) =>
    attempts.execute(new ListAttempts(organizationId, { messageId }, filter, page, { withContent: true, withMessage: false }));
  const ofEndpoint: List = (filter, page) => delivered.execute(new ListEndpointMessages(organizationId, endpointId, filter, page, shown));
  const all: List = (filter, page) => messages.execute(new ListMessages(organizationId, applicationId, filter, page, true));
  const LABELS = [{ channel: 'common' }, { channel: 'rare' }, { channel: 'none' }, { tag: 'common' }, { tag: 'rare' }, { tag: 'none' }];
  const TYPES = [{ eventTypes: ['common'] }, { eventTypes: ['rare'] }, { eventTypes: ['none', 'rare', 'common'] }];
  const STATUSES = [{ status: 0 }, { status: 2 }, { status: 1 }];
  const day = (days: number) => new Date(Date.now() - days * DAY_MS);
  const TIMES = [{ before: day(20) }, { before: day(20), after: day(21) }];
  const CLASSES = [{ statusCodeClass: 200 }, { statusCodeClass: 400 }, { statusCodeClass: 300 }, { statusCodeClass: 0 }];
  return {
    'attempts of an endpoint': {
      list: byEndpoint,
      prefix: 'atmpt',
      filters: [{}, ...STATUSES, ...CLASSES, ...TYPES, ...LABELS, ...TIMES, { status: 2, eventTypes: ['common'] }],
    },
    'attempts of a message': { list: byMessage, prefix: 'atmpt', filters: [{}, ...STATUSES, ...LABELS] },
    'messages of an endpoint': {
      list: ofEndpoint,
      prefix: 'msg',
      filters: [{}, ...STATUSES, { status: 4 }, ...TYPES, ...LABELS, ...TIMES],
    },
    messages: { list: all, prefix: 'msg', filters: [{}, ...TYPES, ...LABELS, ...TIMES] },
  };
}
