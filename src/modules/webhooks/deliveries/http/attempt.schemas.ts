import { z } from 'zod';
import { identifier, instant, tag } from '../../../../platform/http/fields';
import { iteratorQuery, limitQuery, listOf } from '../../../../platform/http/list-page';
import { queryBoolean, queryList, withQueryLists } from '../../../../platform/http/query-values';

const oneOf = (...allowed: number[]) => z.enum(allowed.map(String)).transform(Number).optional();

export const deliveryStatus = oneOf(0, 1, 2, 3, 4).meta({ description: '0 success, 1 pending, 2 fail, 3 sending, 4 canceled.' });
export const expandedStatuses = queryBoolean.default(false).meta({
  description: 'Show what was canceled as canceled (4). Without it, it is shown as a success, which is all that old clients know.',
});

export const AttemptsQuery = withQueryLists(
  ['event_types'],
  z.object({
    limit: limitQuery,
    iterator: iteratorQuery,
    status: deliveryStatus,
    status_code_class: oneOf(0, 100, 200, 300, 400, 500).meta({ description: '0: there was no response.' }),
    channel: identifier.optional(),
    tag: tag.optional(),
    before: instant.optional(),
    after: instant.optional(),
    with_content: queryBoolean.default(true),
    with_msg: queryBoolean.default(false).meta({ description: 'Show the message of each attempt as well, without its payload.' }),
    event_types: queryList(identifier),
    endpoint_id: identifier
      .optional()
      .meta({ description: 'Only attempts at this endpoint.', examples: ['ep_00PdZgP1mUfrWVHT7bLhCUOkPPT'] }),
  }),
);
export type AttemptsQuery = z.output<typeof AttemptsQuery>;

const AttemptedMessageOut = z
  .object({
    id: z.string().meta({ examples: ['msg_00PdZgP1mUfrWVHT7bLhCUOkPPT'] }),
    eventId: z.string().nullable(),
    eventType: z.string(),
    payload: z.record(z.string(), z.unknown()).meta({ description: 'Always empty.' }),
    channels: z.array(z.string()).nullable(),
    tags: z.array(z.string()).nullable(),
    state: z.enum(['accepted', 'scheduled', 'canceled']),
    deliverAt: z.iso.datetime().nullable(),
    timestamp: z.iso.datetime(),
  })
  .meta({ id: 'AttemptedMessageOut' });

const ms = z.number().nullable();

const Details = z
  .object({
    requestHeaders: z.record(z.string(), z.string()).meta({ description: 'Credentials are hidden.' }),
    responseHeaders: z.record(z.string(), z.string()),
    address: z.string().nullable().meta({ description: 'Of the receiver, as its name was resolved; null: there was no connection.' }),
    timings: z
      .object({ dnsMs: ms, connectMs: ms, tlsMs: ms, firstByteMs: ms })
      .meta({ description: 'Milliseconds; null for a step that there was not, as on a connection that was open already.' }),
    transformation: z
      .object({
        method: z
          .string()
          .nullable()
          .meta({ description: 'By which it was sent; null when nothing was.', examples: ['PUT'] }),
        error: z.string().nullable().meta({ description: 'Why the code failed, for its author; null when it did not.' }),
      })
      .nullable()
      .meta({ id: 'AttemptTransformationOut', description: 'Null: the endpoint had no code that changes its messages.' }),
  })
  .meta({ id: 'AttemptDetailsOut' });

export const AttemptOut = z
  .object({
    id: z.string().meta({ examples: ['atmpt_00PdZgP1mUfrWVHT7bLhCUOkPPT'] }),
    msgId: z.string(),
    endpointId: z.string(),
    url: z.string(),
    status: z.number().int().meta({ description: '0 success, 2 fail.' }),
    statusText: z.string(),
    reason: z.string().meta({ description: 'A stable word for what happened.', examples: ['ok', 'http_5xx', 'tcp_refused'] }),
    reasonText: z.string().meta({ description: 'The same as a sentence, for people.', examples: ['The receiver accepted it.'] }),
    responseStatusCode: z.number().int().meta({ description: '0: there was no response, or none with a status, as from a queue.' }),
    responseDurationMs: z.number().int(),
    response: z
      .string()
      .meta({ description: 'The body of the answer, at most 64 KiB of it; of a queue, what the broker said.', examples: ['thanks'] }),
    triggerType: z.number().int().meta({ description: '0 by the schedule, 1 by hand.' }),
    timestamp: z.iso.datetime(),
    msg: AttemptedMessageOut.optional().meta({ description: 'Only with `with_msg`.' }),
    details: Details.nullable().meta({ description: 'Null without content, and for attempts of former releases.' }),
  })
  .meta({ id: 'MessageAttemptOut' });

export const ListOfAttempts = listOf(AttemptOut);
