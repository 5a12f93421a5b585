import { z } from 'zod';
import { identifier, instant, tag } from '../../../../platform/http/fields';
import { EndpointOut } from '../../endpoints';

const range = {
  since: instant.meta({ description: 'Messages from then on.', examples: ['2026-01-31T12:00:00Z'] }),
  until: instant.nullish().meta({ description: 'Messages until then; until now by default.' }),
};
export const ReplayIn = z.object(range).meta({ id: 'ReplayIn' });
export type ReplayIn = z.output<typeof ReplayIn>;

export const BulkReplayIn = z
  .object({
    ...range,
    eventTypes: z.array(identifier).min(1).max(1_000).nullish().meta({ description: 'Only messages of these types.' }),
    channel: identifier.nullish(),
    tag: tag.nullish(),
    status: z.literal([0, 1, 2, 3, 4]).nullish().meta({ description: 'Only what ended so: 0 success, 2 fail, 4 canceled.' }),
    statusCodeClass: z
      .literal([0, 100, 200, 300, 400, 500])
      .nullish()
      .meta({ description: 'Only where the last attempt was answered so; 0: there was no response.' }),
  })
  .meta({ id: 'BulkReplayIn' });
export type BulkReplayIn = z.output<typeof BulkReplayIn>;

export const ReplayOut = z
  .object({
    id: z.string().meta({ examples: ['qtask_00PdZgP1mUfrWVHT7bLhCUOkPPT'], description: 'Of the background task.' }),
    status: z.literal('running'),
    task: z.string().meta({ examples: ['endpoint.recover'] }),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'ReplayOut' });

export const EnableIn = z
  .strictObject({
    recoverSince: instant.nullish().meta({
      description: 'Also send all since then that failed, or came while the endpoint was disabled; without it nothing is sent again.',
      examples: ['2026-01-31T12:00:00Z'],
    }),
  })
  .prefault({})
  .meta({ id: 'EndpointEnableIn' });
export type EnableIn = z.output<typeof EnableIn>;

export const EnabledOut = z
  .object({
    endpoint: EndpointOut,
    task: ReplayOut.nullable().meta({ description: 'Sends what was missed; null without `recoverSince`.' }),
  })
  .meta({ id: 'EndpointEnabledOut' });
