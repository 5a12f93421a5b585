import { hasCalled, Svix1, Svix2 } from '../support/sdk';
import { methodsDue, uncalled } from '../support/sdk-coverage';

const GENERATIONS = [
  ['svix 1.99.1', Svix1],
  ['svix 2.5.0', Svix2 as unknown as typeof Svix1],
] as const;

const RESOURCES = [
  'application',
  'authentication',
  'backgroundTask',
  'endpoint',
  'environment',
  'eventType',
  'health',
  'message',
  'messageAttempt',
  'operationalWebhook.endpoint',
  'statistics',
];

/** A whole run ends with this count: a method that nothing in this folder called with success fails it. */
describe.each(GENERATIONS)('the count of what %s was seen to do', (client, Svix) => {
  it('demands all of its methods that belong to webhooks, and none of others', () => {
    const methods = methodsDue(client).map(({ method }) => method);
    expect(methods.length).toBeGreaterThan(55);
    for (const resource of RESOURCES) expect(methods.filter((method) => method.startsWith(`${resource}.`))).not.toEqual([]);
    expect(methods.filter((method) => /ingest|stream|poller/i.test(method))).toEqual([]);
  });

  it('misses what nobody called', () => {
    expect(uncalled(methodsDue(client)).filter((call) => call.startsWith(client))).toEqual([]);
    const rest = methodsDue(client).filter(({ method }) => method !== 'endpoint.getStats');
    expect(uncalled(rest)).toContain(`${client}: endpoint.getStats`);
  });

  it('has those calls that succeed', async () => {
    const answered = (status: number, body: unknown) =>
      new Svix('none', { serverUrl: 'http://127.0.0.1:1', numRetries: 0, fetch: async () => Response.json(body, { status }) });
    // One that is not demanded: this call must not stand for a real one.
    const call = { client, method: 'connector.list' };
    await expect(answered(404, {}).connector.list()).rejects.toMatchObject({ code: 404 });
    expect(hasCalled(call)).toBe(false);
    await answered(200, { data: [], iterator: null, done: true }).connector.list();
    expect(hasCalled(call)).toBe(true);
  });
});
