import fc from 'fast-check';
import { Sql } from '../../src/platform/database/sql';
import { type Account, expected, signUp } from '../support/accounts';
import { startTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { type Receiver, startReceiver } from '../support/receiver';
import { addEndpoint, send } from '../support/webhooks';

const TYPES = ['user.created', 'user.deleted', 'invoice.paid', 'user'];
const CHANNELS = ['eu', 'us', 'eu-west'];

type Wants = { readonly eventTypes: string[] | null; readonly channels: string[] | null; readonly disabled: boolean };
type Message = { readonly eventType: string; readonly channels: string[] | null };

const wants: fc.Arbitrary<Wants> = fc.record({
  eventTypes: fc.option(fc.subarray(TYPES, { minLength: 1 })),
  channels: fc.option(fc.subarray(CHANNELS, { minLength: 1 })),
  disabled: fc.constantFrom(false, false, false, true),
});
const messages: fc.Arbitrary<Message> = fc.record({
  eventType: fc.constantFrom(...TYPES),
  channels: fc.option(fc.subarray(CHANNELS, { minLength: 1 })),
});

/** What the documentation says, in its simplest form. */
function matches({ eventTypes, channels, disabled }: Wants, message: Message): boolean {
  if (disabled) return false;
  if (eventTypes && !eventTypes.includes(message.eventType)) return false;
  return channels === null || (message.channels ?? []).some((channel) => channels.includes(channel));
}

describe('a message', () => {
  let app: TestApp;
  let ann: Account;
  let receiver: Receiver;

  beforeAll(async () => {
    [app, receiver] = await Promise.all([startTestApp({ worker: true }), startReceiver()]);
    ann = await signUp(app);
    for (const name of TYPES) expected(201, await ann.organization('POST', '/event-type', { name, description: '' }));
  });
  afterAll(async () => {
    await app.stop();
    await receiver.stop();
  });

  const application = async () => expected(201, await ann.organization<{ id: string }>('POST', '/app', { name: 'Acme' })).id;
  const change = async (path: string, body: object) => expected(200, await ann.organization('PATCH', path, body));
  /** Who was to get what, once everything that was accepted has been planned and settled. */
  const planned = (appId: string) =>
    eventually(
      async () => {
        const sql = app.http.get(Sql);
        const open = await sql.run(
          'SELECT 1 FROM message_outbox WHERE application_id = $1 UNION ALL SELECT 1 FROM pending_delivery WHERE application_id = $1',
          [appId],
        );
        if (open.length > 0) return null;
        const rows = await sql.run<{ message_id: string; endpoint_id: string }>(
          'SELECT message_id, endpoint_id FROM delivery WHERE application_id = $1',
          [appId],
        );
        return rows.map(({ message_id, endpoint_id }) => `${message_id} ${endpoint_id}`).sort();
      },
      { what: 'nothing is under way' },
    );

  it('goes to each endpoint that wants it, once, and to no other', async () => {
    const appId = await application();
    const endpoints = await Promise.all(
      fc.sample(wants, { numRuns: 30, seed: 1 }).map(async (settings, n) => {
        const { endpointId } = await addEndpoint(ann, appId, receiver.urlFor(`/any/${n}`), settings);
        return { endpointId, settings };
      }),
    );
    const gone = await addEndpoint(ann, appId, receiver.urlFor('/any/gone'));
    expected(204, await ann.organization('DELETE', `/app/${appId}/endpoint/${gone.endpointId}`));

    const due: string[] = [];
    for (const message of fc.sample(messages, { numRuns: 40, seed: 2 })) {
      const id = await send(ann, appId, 0, message);
      due.push(...endpoints.filter(({ settings }) => matches(settings, message)).map(({ endpointId }) => `${id} ${endpointId}`));
    }
    expect(due.length).toBeGreaterThan(100);
    expect(await planned(appId)).toEqual(due.sort());
    expect(receiver.requests.filter(({ path }) => path.startsWith('/any/'))).toHaveLength(due.length);
  });

  it.each<[string, object, object]>([
    ['the types', { eventTypes: ['invoice.paid'] }, { eventTypes: ['user.created'] }],
    ['no types', { eventTypes: null }, { eventTypes: ['user.created'] }],
    ['the channels', { channels: null }, { channels: ['eu'] }],
    ['whether it is disabled', { disabled: false }, { disabled: true }],
  ])('follows a change of %s at once, there and back', async (_what, wanted, unwanted) => {
    const appId = await application();
    const { endpointId } = await addEndpoint(ann, appId, receiver.urlFor(`/changed/${appId}`), unwanted);
    const path = `/app/${appId}/endpoint/${endpointId}`;
    await send(ann, appId);
    await planned(appId);
    const due: string[] = [];
    for (let round = 0; round < 3; round++) {
      await change(path, wanted);
      due.push(`${await send(ann, appId)} ${endpointId}`);
      await planned(appId);
      await change(path, unwanted);
      await send(ann, appId);
      expect(await planned(appId)).toEqual(due);
    }
    expect(receiver.requests.filter((request) => request.path === `/changed/${appId}`)).toHaveLength(3);
  });

  it('reaches an endpoint that was made a moment ago, and none that was deleted a moment ago', async () => {
    const appId = await application();
    const { endpointId } = await addEndpoint(ann, appId, receiver.urlFor('/moment'));
    const first = await send(ann, appId);
    expect(await planned(appId)).toEqual([`${first} ${endpointId}`]);
    expected(204, await ann.organization('DELETE', `/app/${appId}/endpoint/${endpointId}`));
    await send(ann, appId);
    expect(await planned(appId)).toEqual([`${first} ${endpointId}`]);
  });
});
