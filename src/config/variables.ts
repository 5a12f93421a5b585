import { z } from 'zod';
import { LOG_LEVELS } from '../platform/logging/log-levels';
import type { Reader, SettingsShape } from '../platform/settings/settings';
import { cidrs, encryptionKeys, flag, key32, list, natural, oidcProviders, port, positive, redisUrls, signingKeys, url } from './values';

const api = {
  HOST: z.string().default('0.0.0.0').meta({ description: 'Where the API listens: the address.' }),
  PORT: port.default(3000).meta({ description: 'Where the API listens: the port.' }),
  PUBLIC_URL: url('http', 'https').meta({
    description: 'The address under which people reach the API: links in mails begin with it.',
    readBy: ['API', 'worker', 'doctor'],
    example: 'https://posthorn.example.com',
  }),
  REGISTRATION: z.enum(['open', 'invite', 'closed']).default('open').meta({
    description:
      'Who may register: everybody (open), who was invited to an organization (invite), or nobody (closed). The first account of an installation may always be made.',
  }),
  MAX_BODY_BYTES: positive.default(1_048_576).meta({ description: 'Longest request body in bytes; anything longer is answered with 413.' }),
  API_RATE_LIMIT: natural
    .default(2_000)
    .meta({ description: 'Requests per second that one API process lets each API key, portal token or session send; 0: any number.' }),
  TRUSTED_PROXIES: cidrs.default([]).meta({
    description:
      "Proxies in front of the API, such as `10.0.0.0/8,fd00::/8`: their X-Forwarded-For tells where a request comes from. Nobody else's counts.",
  }),
  OIDC_PROVIDERS: oidcProviders.default([]).meta({
    description:
      'OpenID providers to sign in with; scopes are optional. Register `PUBLIC_URL/api/v1/auth/oidc/<id>/callback` as the redirect address there.',
    secret: true,
  }),
};

const processes = {
  NODE_ENV: z
    .enum(['production', 'development', 'test'])
    .default('production')
    .meta({
      description:
        'production refuses what is only for machines of your own, and `npm run doctor` warns of it; development and test do not.',
      readBy: ['all'],
    }),
  LOG_LEVEL: z
    .enum(LOG_LEVELS)
    .default('info')
    .meta({ description: 'How much is logged.', readBy: ['API', 'worker', 'queues'] }),
  METRICS_HOST: z
    .string()
    .default('0.0.0.0')
    .meta({ description: 'Where each process serves /metrics, /livez and /readyz: the address. Keep it inside your network.' }),
  METRICS_PORT: port.default(9464).meta({ description: 'Where each process serves them: the port.' }),
  DRAIN_SECONDS: positive
    .max(300)
    .default(20)
    .meta({ description: 'Seconds that work under way gets to finish after SIGTERM.', readBy: ['API', 'worker', 'queues'] }),
};

const stores = {
  DATABASE_URL: url('postgres', 'postgresql').meta({
    description: 'PostgreSQL: the truth.',
    readBy: ['all', 'migrations'],
    secret: true,
    example: 'postgres://posthorn:password@postgres:5432/posthorn',
  }),
  DATABASE_POOL_SIZE: positive
    .default(10)
    .meta({ description: 'Connections per process, beside one for data keys and, in a worker, one that listens.', readBy: ['all'] }),
  REDIS_URL: redisUrls.meta({ description: 'Redis: the bell. It may lose everything.', secret: true, example: 'redis://redis:6379' }),
  REDIS_CLUSTER: flag.default(false).meta({
    description:
      'true: REDIS_URL is one node of a Redis Cluster, or several separated by commas. User, password and TLS of the first are those of all nodes.',
  }),
  QUEUE_PREFIX: z
    .string()
    .regex(/^[\w-]+$/)
    .default('posthorn')
    .meta({
      description: 'Begins the name of every key in Redis, so that several installations can share one server.',
      values: 'letters, digits, `-` and `_`',
    }),
};

const keys = {
  TOKEN_KEYS: signingKeys.meta({
    description: 'ES256 keys that sign access tokens and API keys; the first signs, all verify.',
    readBy: ['API', 'queues'],
    secret: true,
    make: 'echo "k1:$(openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 | openssl pkcs8 -topk8 -nocrypt -outform DER | openssl base64 -A)"',
  }),
  ENCRYPTION_KEYS: encryptionKeys.meta({
    description: 'AES-256 keys that encrypt user data; the first encrypts, all decrypt. Losing them loses the data.',
    secret: true,
    make: 'echo "k1:$(openssl rand -base64 32)"',
  }),
  LOOKUP_KEY: key32.meta({
    description: 'Finds an account by its e-mail address without storing the address in the clear; it cannot be changed later.',
    secret: true,
    make: 'openssl rand -base64 32',
  }),
};

const people = {
  SMTP_URL: url('smtp', 'smtps').meta({
    description: 'The mail server, with user and password in the URL where it asks for them.',
    secret: true,
    example: 'smtp://mail:25',
  }),
  MAIL_FROM: z.string().default('Posthorn <posthorn@localhost>').meta({ description: 'The sender of all mails.' }),
  NOTICE_CHAT_URL: url('http', 'https').optional().meta({
    description:
      'An incoming webhook of a chat (Slack, Mattermost, Rocket.Chat): told of endpoints that fail and are disabled, of all organizations.',
    secret: true,
  }),
};

const deliveries = {
  DELIVERY_TIMEOUT_MS: positive
    .default(15_000)
    .meta({ description: 'Milliseconds that one attempt may take, from the first packet to the last.' }),
  DELIVERY_RETRY_SCHEDULE: list
    .pipe(z.array(z.coerce.number<string>().int().min(0).max(604_800)).min(1).max(30))
    .default([5, 300, 1_800, 7_200, 18_000, 36_000, 36_000])
    .meta({
      description: 'Seconds to wait after the first, second, … failed attempt; after the last the delivery has failed.',
      values: '1 to 30 integers up to 604800, separated by commas',
    }),
  DELIVERY_MAX_IN_FLIGHT: positive.default(512).meta({ description: 'Requests under way at the same time in one worker.' }),
  DELIVERY_MAX_IN_FLIGHT_BYTES: positive
    .default(33_554_432)
    .meta({ description: 'Payloads of requests under way in one worker, in bytes together. One always goes, however large it is.' }),
  DELIVERY_ENDPOINT_MAX_IN_FLIGHT: positive
    .default(10)
    .meta({ description: 'Requests under way to one endpoint, in all workers together. An endpoint may have a limit of its own.' }),
  DELIVERY_ORGANIZATION_MAX_IN_FLIGHT: positive.default(400).meta({
    description:
      'Requests under way for one organization, in all workers together. It is below the limit of one worker, so that nobody holds all of it.',
    readBy: ['API', 'worker'],
  }),
  DELIVERY_DISABLE_AFTER_SECONDS: natural
    .max(31_536_000)
    .default(432_000)
    .meta({
      description:
        'Seconds of nothing but failures after which an endpoint is disabled; its organization is warned at 50, 70 and 90 % of them. 0: never.',
      readBy: ['API', 'worker'],
    }),
  DELIVERY_ALLOW_CIDRS: cidrs.default([]).meta({
    description:
      'Private networks that deliveries may reach all the same, such as `10.1.0.0/16,fd00::/8`. Everything private is refused otherwise.',
    readBy: ['API', 'worker', 'doctor'],
  }),
  ENDPOINT_CHALLENGE: z
    .enum(['optional', 'required'])
    .default('optional')
    .meta({
      description:
        'required: an endpoint gets nothing before it has answered a challenge at its URL. Those that are enabled already stay so until their URL changes.',
      readBy: ['API'],
    }),
};

const retention = {
  RETENTION_DAYS: natural
    .max(3_650)
    .default(90)
    .meta({ description: 'Days that messages, deliveries and attempts are kept; 0: for ever.' }),
  RETENTION_PAYLOAD_DAYS: natural
    .max(3_650)
    .default(30)
    .meta({ description: 'Days that the payloads of messages are kept which ask for no time of their own; 0: for ever.' }),
  RETENTION_EVENT_DAYS: natural
    .max(3_650)
    .default(30)
    .meta({ description: 'Days that domain events are kept after their observers are done; 0: for ever.' }),
  RETENTION_AUDIT_DAYS: natural.max(36_500).default(400).meta({ description: 'Days that entries of the audit log are kept; 0: for ever.' }),
  ORGANIZATION_GRACE_DAYS: natural
    .max(365)
    .default(7)
    .meta({ description: 'Days in which a deleted organization can be restored; then it is erased.', readBy: ['API'] }),
};

const queueBoard = {
  OPERATOR_ORGANIZATION: z
    .string()
    .regex(/^org_\w+$/)
    .optional()
    .meta({
      description: "The organization whose API keys, with the permission queue.read or queue.write, may use Bull's dashboard.",
      values: 'id of an organization',
    }),
  QUEUES_HOST: z.string().default('127.0.0.1').meta({ description: 'Where `npm run queues` serves it: the address.' }),
  QUEUES_PORT: port
    .default(9470)
    .meta({ description: 'Where `npm run queues` serves it: the port. On a machine with several processes, it must be none of theirs.' }),
};

/** Those of the OpenTelemetry specification; what is not in the configuration, its SDK reads itself. */
const traces = {
  OTEL_EXPORTER_OTLP_ENDPOINT: url('http', 'https')
    .optional()
    .meta({ description: "A collector's address, such as `http://collector:4318`: spans are sent there. Without one nothing is done." }),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url('http', 'https').optional().meta({ description: 'The same for spans alone, with the path.' }),
  OTEL_EXPORTER_OTLP_HEADERS: z
    .string()
    .optional()
    .meta({ description: 'What the collector wants to see in headers.', values: '`name=value`, separated by commas' }),
  OTEL_EXPORTER_OTLP_PROTOCOL: z
    .enum(['http/protobuf', 'http/json'])
    .default('http/protobuf')
    .meta({ description: 'How spans are written.' }),
  OTEL_SERVICE_NAME: z.string().default('posthorn').meta({ description: 'The name of the service in traces.' }),
  OTEL_RESOURCE_ATTRIBUTES: z
    .string()
    .optional()
    .meta({ description: 'What else traces say of their process.', values: '`name=value`, separated by commas' }),
  OTEL_TRACES_SAMPLER: z
    .enum(['always_on', 'always_off', 'traceidratio', 'parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'])
    .default('parentbased_always_on')
    .meta({ description: 'Which traces are kept.' }),
  OTEL_TRACES_SAMPLER_ARG: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(1)
    .meta({ description: 'The share of traces that a sampler with a ratio keeps.' }),
  OTEL_BSP_SCHEDULE_DELAY: positive.default(5_000).meta({ description: 'Milliseconds that spans are collected for before they are sent.' }),
  OTEL_SDK_DISABLED: flag.default(false).meta({ description: 'true: no traces, whatever else is set.' }),
};

const local = {
  EMBEDDED: flag.default(false).meta({ description: 'The demo mailbox and receiver at /dev. Never in production.' }),
  DEV_SMTP_PORT: port.optional().meta({ description: 'The port of the mailbox.' }),
};

type Section = { readonly title: string; readonly readBy: readonly Reader[]; readonly variables: SettingsShape };

/** Every variable that Posthorn reads, as docs/configuration.md shows it. Modules that others add declare theirs with `defineSettings`. */
export const SECTIONS: readonly Section[] = [
  { title: 'The API', readBy: ['API'], variables: api },
  { title: 'All processes', readBy: ['API', 'worker'], variables: processes },
  { title: 'PostgreSQL and Redis', readBy: ['worker', 'queues', 'doctor'], variables: stores },
  { title: 'Keys', readBy: ['all'], variables: keys },
  { title: 'Mail and chat', readBy: ['worker'], variables: people },
  { title: 'Deliveries', readBy: ['worker'], variables: deliveries },
  { title: 'How long data is kept', readBy: ['worker'], variables: retention },
  { title: "Bull's dashboard", readBy: ['queues'], variables: queueBoard },
  { title: 'Traces', readBy: ['API', 'worker'], variables: traces },
  { title: 'Set by `npm start` alone', readBy: ['API'], variables: local },
];

export const Env = z.object({
  ...api,
  ...processes,
  ...stores,
  ...keys,
  ...people,
  ...deliveries,
  ...retention,
  ...queueBoard,
  ...traces,
  ...local,
});
