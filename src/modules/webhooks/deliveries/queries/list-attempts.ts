import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../../platform/crypto/cipher';
import { Sql } from '../../../../platform/database/sql';
import { bothWays, type ListPage, listPage, mergedLists, type PageRequest, seek } from '../../../../platform/http/list-page';
import { idWindow } from '../../../../platform/http/time-window';
import { Clock } from '../../../../platform/time/clock';
import { MESSAGE_COLUMNS, type MessageRow, messageView, type MessageView } from '../../messages';
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

const UNLABELLED = '$12::text[] IS NULL AND $13::text[] IS NULL';
const LABELLED = `EXISTS (
  SELECT 1 FROM message m
   WHERE m.id = a.message_id AND ($12::text[] IS NULL OR m.channels @> $12) AND ($13::text[] IS NULL OR m.tags @> $13))`;

/** Rows are looked up by `key`. Those of one message are few; those of an endpoint are a history, so its filters have indexes. */
const rows = (key: string, labelled: boolean, beyond: string, direction: string, order = '') => `
  SELECT ${ATTEMPT_COLUMNS} FROM attempt a
   WHERE a.organization_id = $1 AND ${key} AND a.id ${beyond} $3 AND a.id > $5 AND a.id < $6
     AND ($7::timestamptz IS NULL OR a.attempted_at < $7) AND ($8::timestamptz IS NULL OR a.attempted_at > $8)
     AND ($9::text IS NULL OR a.endpoint_id = $9)
     AND ($10::int[] IS NULL OR a.response_status_code / 100 = ANY ($10)) AND ($11::text[] IS NULL OR a.event_type = ANY ($11))
     AND ${labelled ? LABELLED : UNLABELLED}
   ORDER BY ${order} a.id ${direction} LIMIT $4`;

const statement = (lookup: Lookup, labelled: boolean) =>
  bothWays(`attempt.list by ${lookup}`, (beyond, direction) => {
    const of = lookup === 'message' ? 'a.message_id = $2' : 'a.endpoint_id = $2';
    const each = (list: string, column: string) =>
      mergedLists(
        list,
        (member) => {
          // The same as `column = member`, in words that only the index over both has an order for.
          const both = `(${column}, a.id)`;
          const key = `${of} AND ${both} ${beyond} (${member}, $3) AND ${both} > (${member}, $5) AND ${both} < (${member}, $6)`;
          return rows(key, labelled, beyond, direction, `${column} ${direction},`);
        },
        direction,
        '$4',
      );
    if (lookup === 'endpoint and class') return each('$10::int[]', 'a.response_status_code / 100');
    return lookup === 'endpoint and type' ? each('$11::text[]', 'a.event_type') : rows(of, labelled, beyond, direction);
  });

const MESSAGES = { name: 'attempt.messages', text: `SELECT ${MESSAGE_COLUMNS} FROM message WHERE id = ANY ($1::text[])` };

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
    const { from, to } = idWindow('atmpt', page, filter, this.clock.now());
    const [classes, eventTypes] = [classesOf(filter), filter.eventTypes ? [...new Set(filter.eventTypes)] : null];
    const [id, lookup] =
      'messageId' in of ? ([of.messageId, 'message'] as const) : ([of.endpointId, lookupBy(classes, eventTypes)] as const);
    const labels = [channel, tag].map((label) => (label === undefined ? null : [label]));
    const values = [organizationId, id, cursor, take, from, to, before, after, endpointId, classes, eventTypes, ...labels];
    const labelled = channel !== undefined || tag !== undefined;
    const query = statement(lookup, labelled)[way];
    // How many messages have a label decides how to look for it, so that is planned each time.
    const found = await this.sql.run<AttemptRow>(labelled ? query.text : query, values);
    const messages = shown.withMessage ? await this.messages(found) : null;
    return listPage(
      found,
      page,
      (row) => row.id,
      async (row) => {
        const msg = messages?.get(row.message_id);
        return { ...(await attemptView(this.cipher, row, shown.withContent)), ...(msg && { msg }) };
      },
    );
  }

  private async messages(attempts: readonly AttemptRow[]): Promise<Map<string, AttemptedMessage>> {
    const ids = attempts.map(({ message_id }) => message_id);
    const rows = await this.sql.run<MessageRow>(MESSAGES, [ids]);
    const views = rows.map(async (row) => [row.id, { ...(await messageView(this.cipher, row, false)), payload: {} }] as const);
    return new Map(await Promise.all(views));
  }
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
