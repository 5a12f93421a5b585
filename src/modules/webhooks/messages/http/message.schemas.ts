import { z } from 'zod';
import { identifier, uidOf } from '../../../../platform/http/fields';
import { iteratorQuery, limitQuery, listOf } from '../../../../platform/http/list-page';
import { queryBoolean, queryList, withQueryLists } from '../../../../platform/http/query-values';

/** `z.custom` has no JSON Schema, and `z.looseObject` would copy every payload. */
const payload = z
  .unknown()
  .refine((value) => typeof value === 'object' && value !== null && !Array.isArray(value), { error: 'must be a JSON object', abort: true })
  .meta({ type: 'object', description: 'Sent as it is, byte for byte.', examples: [{ id: 'inv_1', total: 42 }] });

export const MessageIn = z
  .object({
    eventType: identifier.meta({ examples: ['invoice.paid'] }),
    payload: payload.optional(),
    data: payload.optional().meta({ description: 'Former name of `payload`.', deprecated: true }),
    eventId: uidOf('msg').nullish().meta({ description: 'Your own id of the event; a second message with it is refused.' }),
    channels: z
      .array(identifier.max(128))
      .min(1)
      .max(5)
      .nullish()
      .meta({ description: 'Only endpoints of these channels, and those of all channels.' }),
  })
  .refine(({ payload, data }) => (payload ?? data) !== undefined, { path: ['payload'], message: 'is required' })
  .meta({ id: 'MessageIn' });
export type MessageIn = z.output<typeof MessageIn>;

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
    before: z.iso
      .datetime({ offset: true })
      .transform((text) => new Date(text))
      .optional(),
    after: z.iso
      .datetime({ offset: true })
      .transform((text) => new Date(text))
      .optional(),
    with_content: queryBoolean.default(true),
    event_types: queryList(identifier),
  }),
);
export type MessagesQuery = z.output<typeof MessagesQuery>;

export const MessageOut = z
  .object({
    id: z.string().meta({ examples: ['msg_00PdZgP1mUfrWVHT7bLhCUOkPPT'] }),
    eventId: z.string().nullable(),
    eventType: z.string(),
    payload: z.record(z.string(), z.unknown()),
    channels: z.array(z.string()).nullable(),
    timestamp: z.iso.datetime(),
  })
  .meta({ id: 'MessageOut' });

export const ListOfMessages = listOf(MessageOut);
