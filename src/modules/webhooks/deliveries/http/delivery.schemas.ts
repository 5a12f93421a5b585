import { z } from 'zod';
import { identifier, instant, tag } from '../../../../platform/http/fields';
import { iteratorQuery, limitQuery, listOf } from '../../../../platform/http/list-page';
import { queryBoolean, queryList, withQueryLists } from '../../../../platform/http/query-values';
import { EndpointOut } from '../../endpoints';
import { deliveryStatus, expandedStatuses } from './attempt.schemas';
import { OUTCOMES } from '../queries/explanation';

const page = { limit: limitQuery, iterator: iteratorQuery };

export const EndpointMessagesQuery = withQueryLists(
  ['event_types'],
  z.object({
    ...page,
    status: deliveryStatus,
    channel: identifier.optional(),
    tag: tag.optional(),
    before: instant.optional(),
    after: instant.optional(),
    with_content: queryBoolean.default(true),
    expanded_statuses: expandedStatuses,
    event_types: queryList(identifier),
  }),
);
export type EndpointMessagesQuery = z.output<typeof EndpointMessagesQuery>;

export const MessageEndpointsQuery = z.object({ ...page, expanded_statuses: expandedStatuses });
export type MessageEndpointsQuery = z.output<typeof MessageEndpointsQuery>;

const outcome = {
  status: z.number().int().meta({ description: '0 success, 1 pending, 2 fail, 3 sending, 4 canceled (shown with `expanded_statuses`).' }),
  statusText: z.string(),
  nextAttempt: z.iso.datetime().nullable().meta({ description: 'When it will be tried again.' }),
};

export const EndpointMessageOut = z
  .object({
    id: z.string().meta({ examples: ['msg_00PdZgP1mUfrWVHT7bLhCUOkPPT'] }),
    eventId: z.string().nullable(),
    eventType: z.string(),
    payload: z.union([z.record(z.string(), z.unknown()), z.string()]),
    channels: z.array(z.string()).nullable(),
    tags: z.array(z.string()).nullable(),
    state: z.enum(['accepted', 'scheduled', 'canceled']),
    deliverAt: z.iso.datetime().nullable(),
    timestamp: z.iso.datetime(),
    ...outcome,
  })
  .meta({ id: 'EndpointMessageOut' });
export const ListOfEndpointMessages = listOf(EndpointMessageOut);

export const MessageEndpointOut = EndpointOut.pick({
  id: true,
  uid: true,
  url: true,
  description: true,
  disabled: true,
  eventTypes: true,
  filterTypes: true,
  channels: true,
  throttleRate: true,
  rateLimit: true,
  version: true,
  createdAt: true,
  updatedAt: true,
})
  .extend(outcome)
  .meta({ id: 'MessageEndpointOut' });
export const ListOfMessageEndpoints = listOf(MessageEndpointOut);

export const ExplanationOut = z
  .object({
    endpointId: z.string().meta({ examples: ['ep_00PdZgP1mUfrWVHT7bLhCUOkPPT'] }),
    endpointUid: z.string().nullable(),
    url: z.string(),
    outcome: z.enum(OUTCOMES),
    reason: z.string().meta({
      description:
        'A stable word. `matched`: it is or was for this endpoint; `event_type`, `channel`, `filter`, `disabled`, `created_later`, `deleted`, `message_canceled`, `unknown`: why it was not sent; `scheduled`, `accepted`: it is still to come; of what failed or was canceled, the reason of the delivery.',
      examples: ['event_type', 'matched', 'http_5xx'],
    }),
    sentence: z.string().meta({ description: 'The same for people.' }),
    status: z.number().int().nullable().meta({ description: 'Of the delivery; null: there is none.' }),
    attempts: z.number().int(),
    nextAttempt: z.iso.datetime().nullable(),
    changedSince: z.boolean().meta({ description: 'The endpoint was changed after the message came.' }),
  })
  .meta({
    id: 'ExplanationOut',
    examples: [
      {
        endpointId: 'ep_00PdZgP1mUfrWVHT7bLhCUOkPPT',
        endpointUid: 'main',
        url: 'https://example.com/webhooks',
        outcome: 'not_sent',
        reason: 'event_type',
        sentence: 'The endpoint does not want messages of the type invoice.paid.',
        status: null,
        attempts: 0,
        nextAttempt: null,
        changedSince: false,
      },
    ],
  });
export const ListOfExplanations = listOf(ExplanationOut);

export const StatsQuery = z.object({
  since: instant.optional().meta({ description: 'At most 28 days before `until`, which is its default.' }),
  until: instant.optional().meta({ description: 'Not in the future; now by default.' }),
});
export type StatsQuery = z.output<typeof StatsQuery>;

export const EndpointStatsOut = z
  .object({
    success: z.number().int().meta({ description: 'Attempts that succeeded.' }),
    fail: z.number().int().meta({ description: 'Attempts that failed.' }),
    pending: z.number().int().meta({ description: 'Messages of that time that wait, now.' }),
    sending: z.number().int().meta({ description: 'Messages of that time that are being sent, now.' }),
    canceled: z.number().int().meta({ description: 'Messages of that time that were canceled.' }),
  })
  .meta({ id: 'EndpointStatsOut' });
