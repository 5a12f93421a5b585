import { z } from 'zod';
import { identifier, metadata, plainText, throttleRate, uidOf } from '../../../platform/http/fields';
import { listOf } from '../../../platform/http/list-page';
import { flawOfFilter } from './content-filter';
import { EndpointOut } from './endpoint-out';

const MAX_EVENT_TYPES = 1_000;
const MAX_CHANNELS = 10;
const MAX_TIMEOUT_MS = 60_000;
const MAX_RETRIES = 30;
const MAX_RETRY_WAIT_SECONDS = 604_800;

/** Nothing to choose from means no choice: all. */
export const choice = <Item extends z.ZodType<string>>(item: Item, max: number) =>
  z
    .array(item)
    .max(max)
    .nullish()
    .transform((items) => (items?.length === 0 ? null : items && [...new Set(items)]));

const eventTypes = choice(identifier, MAX_EVENT_TYPES);
/** zod leaves out a key called `__proto__`; what is sent and not kept must be refused. */
const wholeMap = <Value extends z.ZodType>(value: Value, what: string) =>
  z.preprocess(
    (map, context) => {
      if (typeof map === 'object' && map !== null && Object.hasOwn(map, '__proto__'))
        context.addIssue({ code: 'custom', message: `__proto__ cannot be a ${what}` });
      return map;
    },
    z.record(z.string(), value),
  );
const headerMap = <Value extends z.ZodType>(value: Value) => wholeMap(value, 'header');
const headers = headerMap(z.string()).meta({ description: 'Sent with every delivery.', examples: [{ 'X-Tenant': 'acme' }] });

const isEmpty = (filter: object) => Object.keys(filter).length === 0;
const filter = wholeMap(z.unknown(), 'path')
  .superRefine((given, context) => {
    const flaw = isEmpty(given) ? null : flawOfFilter(given);
    if (flaw) context.addIssue({ code: 'custom', path: [...flaw.path], message: flaw.message });
  })
  .nullish()
  .transform((given) => (given && isEmpty(given) ? null : given))
  .meta({
    description: 'Only messages whose payload is like this; null or nothing: all. The language: docs/filters.md.',
    examples: [{ 'order.total': { $gte: 100 }, 'order.country': { $in: ['DE', 'FR'] } }],
  });

const fields = {
  url: z.string().meta({
    description:
      'At most 2,048 bytes, on the public Internet, without a login: http, https, or a queue by `amqps://host/vhost?exchange=…&routingKey=…` (or amqp), for which the header `Authorization: Basic …` holds the login.',
    examples: ['https://example.com/webhooks', 'amqps://broker.example.com/?exchange=webhooks&routingKey=orders'],
  }),
  uid: uidOf('ep')
    .nullish()
    .meta({ description: 'Your own id; every path takes it in place of the id.', examples: ['main'] }),
  description: plainText(4_096).optional(),
  disabled: z.boolean().optional(),
  eventTypes: eventTypes.meta({ description: 'Only messages of these types; null or nothing: all.', examples: [['user.created']] }),
  filterTypes: eventTypes.meta({ description: 'Former name of `eventTypes`.', deprecated: true }),
  channels: choice(identifier.max(128), MAX_CHANNELS).meta({
    description: 'Only messages in one of these channels; null or nothing: all.',
  }),
  filter,
  throttleRate: throttleRate.nullish().meta({ description: 'Messages per second.' }),
  rateLimit: throttleRate.nullish().meta({ description: 'Former name of `throttleRate`.', deprecated: true }),
  ordering: z.enum(['none', 'fifo']).optional().meta({
    description: '`fifo`: one message after the other, in their order; a message that fails holds up those behind it.',
  }),
  maxInFlight: z.number().int().min(1).max(1_000).nullish().meta({ description: 'Requests at the same time; null: the default.' }),
  timeoutMs: z
    .number()
    .int()
    .min(1_000)
    .max(MAX_TIMEOUT_MS)
    .nullish()
    .meta({ description: 'Milliseconds that one attempt may take, from the look-up of the name to the last byte; null: the default.' }),
  retrySchedule: z
    .array(z.number().int().min(0).max(MAX_RETRY_WAIT_SECONDS))
    .max(MAX_RETRIES)
    .nullish()
    .meta({
      description: 'Seconds to wait after the first, second, … attempt; empty: no retries; null: the default.',
      examples: [[5, 300, 1_800]],
    }),
  metadata: metadata.optional(),
};

export const endpointSettings = z.object(fields);
type Settings = z.output<typeof endpointSettings>;
type Aliases = Pick<Settings, 'eventTypes' | 'filterTypes' | 'throttleRate' | 'rateLimit'>;

export function withoutAliases<Given extends Aliases>({ eventTypes, filterTypes, throttleRate, rateLimit, ...rest }: Given) {
  return {
    ...rest,
    eventTypes: eventTypes === undefined ? filterTypes : eventTypes,
    throttleRate: throttleRate === undefined ? rateLimit : throttleRate,
  };
}

export function completeSettings(given: Omit<Settings, 'channels'> & Partial<Pick<Settings, 'channels'>>) {
  const {
    url,
    uid,
    description = '',
    disabled = false,
    eventTypes = null,
    channels = null,
    filter = null,
    throttleRate = null,
    ordering = 'none',
    maxInFlight = null,
    timeoutMs = null,
    retrySchedule = null,
    metadata = {},
  } = withoutAliases(given);
  const delivery = { throttleRate, ordering, maxInFlight, timeoutMs, retrySchedule } as const;
  return { url, uid, description, disabled, eventTypes, channels, filter, ...delivery, metadata };
}

/** All settings; what is left out has its default. */
export const EndpointUpdate = endpointSettings.transform(completeSettings).meta({ id: 'EndpointUpdate' });
export type EndpointUpdate = z.output<typeof EndpointUpdate>;

/** What can be given once, with a new endpoint. */
export const endpointExtras = {
  secret: z.string().nullish().meta({ description: '`whsec_…` or `whsk_…`; one is made when it is left out.' }),
  headers: headers.nullish(),
};
type Extras = z.output<z.ZodObject<typeof endpointExtras>>;

export function newEndpoint({ secret, headers, ...given }: Parameters<typeof completeSettings>[0] & Extras) {
  const { uid = null, ...rest } = completeSettings(given);
  return { settings: { ...rest, uid }, extras: { secret: secret ?? null, headers: headers ?? {} } };
}

export const EndpointIn = endpointSettings.extend(endpointExtras).transform(newEndpoint).meta({ id: 'EndpointIn' });
export type EndpointIn = z.output<typeof EndpointIn>;

/** Some settings; what is left out stays, null clears. */
export const EndpointPatch = endpointSettings
  .extend({
    url: fields.url.optional(),
    secret: z.string().nullish().meta({ description: 'Replaces the key at once: rotate for a grace period.' }),
  })
  .transform(({ secret, ...given }) => ({ changes: withoutAliases(given), secret: secret ?? null }))
  .meta({ id: 'EndpointPatch' });
export type EndpointPatch = z.output<typeof EndpointPatch>;

export const ListOfEndpoints = listOf(EndpointOut);

const GRACE_SECONDS = 86_400;
const MAX_GRACE_SECONDS = 604_800;

export const RotateIn = z
  .object({
    key: z.string().nullish().meta({ description: 'The new key; one is made when it is left out.' }),
    gracePeriodSeconds: z
      .number()
      .int()
      .min(0)
      .max(MAX_GRACE_SECONDS)
      .nullish()
      .transform((seconds) => seconds ?? GRACE_SECONDS)
      .meta({ description: 'How long the old key goes on signing; a day by default.' }),
  })
  .meta({ id: 'EndpointSecretRotateIn' });
export type RotateIn = z.output<typeof RotateIn>;

export const SecretOut = z.object({ key: z.string() }).meta({ id: 'EndpointSecretOut' });

export const HeadersIn = z.object({ headers }).meta({ id: 'EndpointHeadersIn' });
export type HeadersIn = z.output<typeof HeadersIn>;

export const HeadersPatch = z
  .object({
    headers: headerMap(z.string().nullable()).default({}).meta({ description: 'null takes a header away.' }),
    deleteHeaders: z.array(z.string()).max(100).default([]),
  })
  .transform(({ headers, deleteHeaders }) => ({ ...Object.fromEntries(deleteHeaders.map((name) => [name, null])), ...headers }))
  .meta({ id: 'EndpointHeadersPatchIn' });
export type HeadersPatch = z.output<typeof HeadersPatch>;

export const HeadersOut = z
  .object({
    headers: z.record(z.string(), z.string()),
    sensitive: z.array(z.string()).meta({ description: 'Names of headers whose values are not shown again.' }),
  })
  .meta({ id: 'EndpointHeadersOut' });
