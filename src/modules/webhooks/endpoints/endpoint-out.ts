import { z } from 'zod';
import { DisableReason } from './endpoints.events';

const EndpointState = z
  .object({
    status: z.enum(['enabled', 'paused', 'disabled']).meta({
      description: '`paused`: it failed again and again, and gets nothing for a while; messages wait, and use up no attempts.',
    }),
    by: z
      .enum(['owner', 'system'])
      .nullable()
      .meta({ description: 'Who disabled or paused it; null while it is enabled, or when that is not known.' }),
    reason: z.enum(DisableReason.options).nullable().meta({
      description:
        'Why: its owner said so, it has to answer a challenge first (`unverified`), it answered 410 Gone, or every attempt failed for too long.',
    }),
    since: z.iso.datetime().nullable().meta({ description: 'When it was disabled.' }),
    pausedUntil: z.iso.datetime().nullable().meta({ description: 'When one that is paused is tried again; null when it is not paused.' }),
    failingSince: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'The first failure after the last success; null when the last attempt succeeded, or there was none.' }),
    disablesAt: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'When it will be disabled, if every attempt goes on failing until then; null when it will not.' }),
  })
  .meta({ id: 'EndpointStateOut' });

export const EndpointOut = z
  .object({
    id: z.string().meta({ examples: ['ep_00PdZgP1mUfrWVHT7bLhCUOkPPT'] }),
    uid: z.string().nullable(),
    url: z.string(),
    description: z.string(),
    disabled: z.boolean(),
    state: EndpointState,
    eventTypes: z.array(z.string()).nullable(),
    filterTypes: z.array(z.string()).nullable().meta({ deprecated: true }),
    channels: z.array(z.string()).nullable(),
    filter: z
      .record(z.string(), z.unknown())
      .nullable()
      .meta({ examples: [{ 'order.total': { $gte: 100 } }] }),
    throttleRate: z.number().int().nullable(),
    rateLimit: z.number().int().nullable().meta({ deprecated: true }),
    ordering: z.enum(['none', 'fifo']),
    maxInFlight: z.number().int().nullable(),
    timeoutMs: z.number().int().nullable(),
    retrySchedule: z.array(z.number().int()).nullable(),
    metadata: z.record(z.string(), z.string()),
    version: z.number().int().meta({ deprecated: true }),
    verifiedAt: z.iso.datetime().nullable().meta({ description: 'When its receiver last answered a challenge at this URL.' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'EndpointOut' });
