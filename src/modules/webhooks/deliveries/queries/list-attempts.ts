import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../../platform/crypto/cipher';
import { Sql, type Statement } from '../../../../platform/database/sql';
import { bothWays, type ListPage, listPage, mergedLists, type PageRequest, seek, sortedLookup } from '../../../../platform/http/list-page';
import { idWindow, type IdWindow } from '../../../../platform/http/time-window';
import { AFTER_ALL_IDS, firstIdAt, timeOf } from '../../../../platform/ids/id';
import { Clock } from '../../../../platform/time/clock';
import { type Candidate, messagesById, messageView, type MessageView, searchByLabel } from '../../messages';
import { ATTEMPT_COLUMNS, type AttemptRow, attemptView, type AttemptView } from './attempt-row';

export type AttemptFilter = {
  readonly status?: number | undefined;
  readonly statusCodeClass?: number | undefined;
  readonly eventTypes?: readonly string[] | undefined;
  readonly endpointId?: string | undefined;
  readonly channel?: string | undefined;
  readonly tag?: string | undefined;
  readonly before?: Date | undefined;
  readonly after?: Date | undefined;
};

type AttemptedMessage = Omit<MessageView, 'payload'> & { readonly payload: object };
export type ListedAttempt = AttemptView & { readonly msg?: AttemptedMessage };

/** Attempts of one endpoint or of one message, newest first. */
export class ListAttempts extends Query<ListPage<ListedAttempt>> {
  constructor(
    readonly organizationId: string,
    readonly of: { readonly endpointId: string } | { readonly messageId: string },
    readonly filter: AttemptFilter,
    readonly page: PageRequest,
    readonly shown: { readonly withContent: boolean; readonly withMessage: boolean },
  ) {
    super();
  }
}

/** What the index is asked for; the rest is compared on the way. */
type Lookup = 'message' | 'endpoint' | 'endpoint and class' | 'endpoint and type';

/** Rows are looked up by `key`. Those of one message are few; those of an endpoint are a history, so its filters have indexes. */
const rows = (key: string, beyond: string, direction: string, order = '') => `
  SELECT a.id, a.id AS key, a.message_id FROM attempt a
   WHERE a.organization_id = $1 AND ${key} AND a.id ${beyond} $3 AND a.id > $5 AND a.id < $6
     AND ($7::timestamptz IS NULL OR a.attempted_at < $7) AND ($8::timestamptz IS NULL OR a.attempted_at > $8)
     AND ($9::text IS NULL OR a.endpoint_id = $9)
     AND ($10::int[] IS NULL OR a.response_status_code / 100 = ANY ($10)) AND ($11::text[] IS NULL OR a.event_type = ANY ($11))
   ORDER BY ${order} a.id ${direction} LIMIT $4`;

const statement = (lookup: Lookup) =>
  bothWays(`attempt.list by ${lookup}`, (beyond, direction) => {
    const of = lookup === 'message' ? 'a.message_id = $2' : 'a.endpoint_id = $2';
    const each = (list: string, column: string) =>
      mergedLists(
        list,
        (member) => {
          const key = `${of} AND ${sortedLookup(column, member, 'a.id', beyond)}`;
          return rows(key, beyond, direction, `${column} ${direction},`);
        },
        direction,
        '$4',
      );
    if (lookup === 'endpoint and class') return each('$10::int[]', 'a.response_status_code / 100');
    return lookup === 'endpoint and type' ? each('$11::text[]', 'a.event_type') : rows(of, beyond, direction);
  });

/** Of a few messages; each has a few attempts, all of them between the bounds that come with it. */
const AMONG = bothWays(
  'attempt.list among',
  (beyond, direction) => `
    SELECT part.* FROM unnest($12::text[], $13::text[], $14::text[]) AS wanted (id, oldest, newest) CROSS JOIN LATERAL (
      ${rows('$2 IN (a.endpoint_id, a.message_id) AND a.message_id = wanted.id AND a.id > wanted.oldest AND a.id < wanted.newest', beyond, direction)}) part
     ORDER BY part.id ${direction} LIMIT $4`,
);

/** Which of these messages went to an endpoint, and when they were settled: so AMONG need not look into all partitions since. */
const SETTLED = {
  name: 'attempt.settled',
  text: `
    SELECT delivery.* FROM unnest($1::text[]) AS wanted (id) CROSS JOIN LATERAL (
      SELECT message_id, NULL::timestamptz AS settled_at FROM pending_delivery WHERE message_id = wanted.id AND endpoint_id = $2
       UNION ALL
      SELECT message_id, settled_at FROM settled_delivery s WHERE message_id = wanted.id AND endpoint_id = $2
         AND NOT EXISTS (SELECT 1 FROM pending_delivery p WHERE p.message_id = s.message_id AND p.endpoint_id = s.endpoint_id)) delivery`,
};

/** A message of which attempts may exist. @property settled_at null while more may come */
type Attempted = { readonly message_id: string; readonly settled_at: Date | null };

/** The bounds say which partitions hold them. */
const BY_ID = {
  name: 'attempt.by_id',
  text: `SELECT ${ATTEMPT_COLUMNS} FROM attempt WHERE id = ANY ($1::text[]) AND id >= $2 AND id <= $3`,
};

/** The time of an attempt is that of its beginning, its id is made at its end. */
const SLACK_MS = 3_600_000;

@QueryHandler(ListAttempts)
export class ListAttemptsHandler implements IQueryHandler<ListAttempts> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
    private readonly clock: Clock,
  ) {}

  async execute({ organizationId, of, filter, page, shown }: ListAttempts): Promise<ListPage<ListedAttempt>> {
    const { way, cursor, take } = seek(page);
    const { endpointId = null, channel, tag, before, after } = filter;
    const window = idWindow('atmpt', page, filter, this.clock.now(), SLACK_MS);
    const [classes, eventTypes] = [classesOf(filter), filter.eventTypes ? [...new Set(filter.eventTypes)] : null];
    const [id, lookup] =
      'messageId' in of ? ([of.messageId, 'message'] as const) : ([of.endpointId, lookupBy(classes, eventTypes)] as const);
    const values = (beyond: string | null, limit: number) => [
      organizationId,
      id,
      beyond ?? cursor,
      limit,
      window.from,
      window.to,
      before,
      after,
      endpointId,
      classes,
      eventTypes,
    ];
    const list = {
      look: (beyond: string | null, limit: number) => this.sql.run<Candidate>(statement(lookup)[way], values(beyond, limit)),
      among: (labelled: readonly string[], limit: number) => this.among(AMONG[way], values(null, limit), of, labelled),
    };
    const found =
      channel === undefined && tag === undefined
        ? await list.look(null, take)
        : await searchByLabel(this.sql, { organizationId, window: messagesOf(window), take }, { channel, tag }, list);
    const [attempts, messages] = await Promise.all([this.attempts(found), shown.withMessage ? this.messages(found) : null]);
    return listPage(
      found.flatMap(({ key }) => attempts.get(key) ?? []),
      page,
      (row) => row.id,
      async (row) => {
        const msg = messages?.get(row.message_id);
        return { ...(await attemptView(this.cipher, row, shown.withContent)), ...(msg && { msg }) };
      },
    );
  }

  private async among(
    statement: Statement,
    values: readonly unknown[],
    of: ListAttempts['of'],
    labelled: readonly string[],
  ): Promise<Candidate[]> {
    const attempted =
      'messageId' in of
        ? labelled.filter((id) => id === of.messageId).map((id) => ({ message_id: id, settled_at: null }))
        : await this.sql.run<Attempted>(SETTLED, [labelled, of.endpointId]);
    const bounds = [attempted.map((one) => one.message_id), attempted.map(oldestAttemptOf), attempted.map(newestAttemptOf)];
    return this.sql.run<Candidate>(statement, [...values, ...bounds]);
  }

  private async attempts(found: readonly Candidate[]): Promise<Map<string, AttemptRow>> {
    const ids = found.map(({ key }) => key).sort();
    if (ids.length === 0) return new Map();
    const rows = await this.sql.run<AttemptRow>(BY_ID, [ids, ids.at(0), ids.at(-1)]);
    return new Map(rows.map((row) => [row.id, row]));
  }

  private async messages(found: readonly Candidate[]): Promise<Map<string, AttemptedMessage>> {
    const rows = await messagesById(
      this.sql,
      found.map(({ message_id }) => message_id),
    );
    const views = [...rows.values()].map(
      async (row) => [row.id, { ...(await messageView(this.cipher, row, false)), payload: {} }] as const,
    );
    return new Map(await Promise.all(views));
  }
}

/** The clocks of the processes that made the ids may differ, and that of the database. */
function oldestAttemptOf({ message_id }: Attempted): string {
  return firstIdAt('atmpt', new Date(timeOf(message_id).getTime() - SLACK_MS));
}

function newestAttemptOf({ settled_at }: Attempted): string {
  return settled_at ? firstIdAt('atmpt', new Date(settled_at.getTime() + SLACK_MS)) : AFTER_ALL_IDS;
}

/** Of the messages whose attempts may be in a window: a message is older than its attempts. */
function messagesOf({ to }: IdWindow): IdWindow {
  return { from: '', to: to.replace(/^atmpt_/, 'msg_') };
}

function lookupBy(classes: readonly number[] | null, eventTypes: readonly string[] | null): Lookup {
  if (classes) return 'endpoint and class';
  return eventTypes ? 'endpoint and type' : 'endpoint';
}

const ALL_CLASSES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/** First digits of the status codes that are wanted; 0 is no answer. An attempt succeeded if, and only if, that is a 2. */
function classesOf({ status, statusCodeClass }: AttemptFilter): number[] | null {
  if (status === undefined && statusCodeClass === undefined) return null;
  const ofStatus = (digit: number) => status === undefined || (digit === 2 ? status === 0 : status === 2);
  return ALL_CLASSES.filter((digit) => ofStatus(digit) && (statusCodeClass === undefined || statusCodeClass === digit * 100));
}
