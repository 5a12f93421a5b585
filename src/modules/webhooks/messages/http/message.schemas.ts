import { z } from 'zod';
import { identifier, instant, tag, uidOf } from '../../../../platform/http/fields';
import { iteratorQuery, limitQuery, listOf } from '../../../../platform/http/list-page';
import { FieldProblemOut } from '../../../../platform/http/openapi';
import { queryBoolean, queryList, withQueryLists } from '../../../../platform/http/query-values';
import { ApplicationIn } from '../../applications';
import { MessageOut } from '../message-out';

const MAX_BATCH = 500;
const RETENTION_DAYS = 90;

/** `z.custom` has no JSON Schema, and `z.looseObject` would copy every payload. */
const payload = z
  .unknown()
  .refine(isObject, { error: 'must be a JSON object', abort: true })
  .meta({ type: 'object', description: 'Sent as it is, byte for byte.', examples: [{ id: 'inv_1', total: 42 }] });

export const Channels = z
  .array(identifier.max(128))
  .min(1)
  .max(5)
  .nullish()
  .meta({ description: 'Only endpoints of these channels, and those of all channels.' });

const transformationsParams = z
  .looseObject({
    rawPayload: z
      .string()
      .refine((text) => !/\p{Cs}/u.test(text), 'must not contain half a surrogate pair')
      .nullish()
      .meta({ description: 'Sent as the body as it is, in place of the payload.' }),
    headers: z
      .looseObject({
        'content-type': z
          .string()
          .regex(/^[\w!#$&^.+-]{1,64}\/[\w!#$&^.+-]{1,64}(; ?[\w-]{1,32}="?[\w.+-]{1,64}"?)?$/, 'must be a media type')
          .optional(),
      })
      .nullish(),
  })
  .nullish();

export const MessageIn = z
  .object({
    eventType: identifier.meta({ examples: ['invoice.paid'] }),
    payload: payload.optional(),
    data: payload.optional().meta({ description: 'Former name of `payload`.', deprecated: true }),
    eventId: uidOf('msg').nullish().meta({ description: 'Your own id of the event; a second message with it is refused.' }),
    channels: Channels,
    tags: z.array(tag).min(1).max(10).nullish().meta({ description: 'Own words by which lists can be filtered.' }),
    deliverAt: instant.nullish().meta({ description: 'When to deliver it: at most 30 days ahead. Until then it can be canceled.' }),
    payloadRetentionPeriod: z.int().min(5).max(RETENTION_DAYS).nullish().meta({ description: 'Days that the payload is kept.' }),
    payloadRetentionHours: z
      .int()
      .min(1)
      .max(RETENTION_DAYS * 24)
      .nullish()
      .meta({ description: 'Hours that the payload is kept, in place of days.' }),
    application: ApplicationIn.nullish().meta({ description: 'Made if it is not there. Its uid is the one of the path.' }),
    transformationsParams,
  })
  .refine(({ payload, data }) => (payload ?? data) !== undefined, { path: ['payload'], message: 'is required' })
  .refine(({ payload, data }) => payload === undefined || data === undefined, {
    path: ['data'],
    message: 'is the former name of payload: send one of them',
  })
  .refine(({ payloadRetentionPeriod: days, payloadRetentionHours: hours }) => (days ?? null) === null || (hours ?? null) === null, {
    path: ['payloadRetentionHours'],
    message: 'excludes payloadRetentionPeriod',
  })
  .meta({ id: 'MessageIn' });
export type MessageIn = z.output<typeof MessageIn>;

/** Each message is looked at alone, so that one which breaks its schema does not take its neighbours with it. */
export const MessageBatchIn = z
  .strictObject({
    messages: z
      .array(z.unknown().meta({ $ref: '#/components/schemas/MessageIn' }))
      .min(1)
      .max(MAX_BATCH)
      .meta({ description: `1 to ${MAX_BATCH} messages; together they are not larger than any other body.` }),
  })
  .meta({ id: 'MessageBatchIn' });

export const WithContent = z.object({
  with_content: queryBoolean.default(true).meta({ description: '`false` leaves the payload out of the answer.' }),
});
export type WithContent = z.output<typeof WithContent>;

export const MessagesQuery = withQueryLists(
  ['event_types'],
  z.object({
    limit: limitQuery,
    iterator: iteratorQuery,
    channel: identifier.optional(),
    tag: tag.optional(),
    before: instant.optional(),
    after: instant.optional().meta({ description: 'How far back to go; without it, 90 days.' }),
    with_content: queryBoolean.default(true),
    event_types: queryList(identifier),
  }),
);
export type MessagesQuery = z.output<typeof MessagesQuery>;

export const PrecheckIn = z
  .object({ eventType: identifier.meta({ examples: ['invoice.paid'] }), channels: Channels })
  .meta({ id: 'MessagePrecheckIn' });
export type PrecheckIn = z.output<typeof PrecheckIn>;

export const PrecheckOut = z
  .object({ active: z.boolean().meta({ description: 'At least one endpoint would get it.' }) })
  .meta({ id: 'MessagePrecheckOut' });

export const BulkExpungeIn = z
  .object({
    ids: z
      .array(identifier)
      .max(MAX_BATCH)
      .default([])
      .meta({ description: 'Ids or event ids.', examples: [['msg_00PdZgP1mUfrWVHT7bLhCUOkPPT']] }),
  })
  .meta({ id: 'BulkExpungeIn' });
export type BulkExpungeIn = z.output<typeof BulkExpungeIn>;

export const BulkExpungeOut = z.object({ results: z.record(z.string(), z.enum(['expunged', 'not-found'])) }).meta({ id: 'BulkExpungeOut' });

export const AcceptedMessageOut = MessageOut.extend({
  warnings: z
    .array(FieldProblemOut)
    .optional()
    .meta({ description: 'Where the payload breaks the schema of its event type, when that only warns.' }),
}).meta({ id: 'AcceptedMessageOut' });

export const MessageBatchOut = z
  .object({
    results: z
      .array(
        z.object({
          status: z.int().meta({ description: 'As if the message had come alone: 202, 409, 422.' }),
          message: AcceptedMessageOut.optional(),
          error: z
            .object({ code: z.string(), detail: z.union([z.string(), z.array(FieldProblemOut)]) })
            .optional()
            .meta({ description: 'Why it was refused.' }),
        }),
      )
      .meta({ description: 'One for each message, in their order.' }),
  })
  .meta({ id: 'MessageBatchOut' });

export const ListOfMessages = listOf(MessageOut);

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
