// A tour of the client, executed and type-checked by test/e2e/client.e2e-spec.ts: POSTHORN_URL, POSTHORN_TOKEN and RECEIVER_URL say where.
import { type components, createPosthorn, each, idempotencyKey, PosthornError } from '@posthorn/client';

const { POSTHORN_URL = '', POSTHORN_TOKEN = '', RECEIVER_URL = '' } = process.env;
const posthorn = createPosthorn({ url: POSTHORN_URL, token: POSTHORN_TOKEN });

const application: components['schemas']['ApplicationOut'] = await posthorn.createApplication({ body: { name: 'Acme', uid: 'acme' } });
const endpoint = await posthorn.createEndpoint({ path: { app_id: 'acme' }, body: { url: RECEIVER_URL, channels: null } });
const { key } = await posthorn.getEndpointSecret({ path: { app_id: 'acme', endpoint_id: endpoint.id } });

// The same key, the same message: however often this program runs.
const send = async (number: number) =>
  posthorn.createMessage({
    path: { app_id: 'acme' },
    body: { eventType: 'invoice.paid', payload: { number } },
    idempotencyKey: await idempotencyKey('invoice paid', number),
  });
const first = await send(1);
const again = await send(1);
for (const number of [2, 3, 4, 5]) await send(number);

const numbers: unknown[] = [];
for await (const { payload } of each(posthorn.listMessages, { path: { app_id: 'acme' }, query: { limit: 2 } }))
  numbers.push(typeof payload === 'string' ? payload : payload['number']);

let refusal: unknown;
try {
  await posthorn.createApplication({ body: { name: '', uid: 'app_taken' } });
} catch (error) {
  if (!(error instanceof PosthornError)) throw error;
  refusal = { status: error.status, code: error.code, fields: error.fields.map(({ loc }) => loc.join('.')), requestId: error.requestId };
}
const nothing: undefined = await posthorn.deleteEndpoint({ path: { app_id: application.id, endpoint_id: endpoint.id } });

const mistakes = () => [
  // @ts-expect-error A path without its parameter.
  posthorn.getApplication({ path: {} }),
  // @ts-expect-error A body without its name.
  posthorn.createApplication({ body: { uid: 'acme' } }),
  // @ts-expect-error An operation that takes a path is not called without.
  posthorn.getApplication(),
  // @ts-expect-error A limit is a number.
  posthorn.listApplications({ query: { limit: 'ten' } }),
  // @ts-expect-error A single thing has no pages.
  each(posthorn.getApplication),
];

console.log(
  JSON.stringify({ key, once: first.id === again.id, numbers, refusal, nothing: nothing === undefined, mistakes: mistakes.length }),
);
