import { z } from 'zod';
import { type ApiAnswer, ApiClient } from './api-client';
import { waitUntil } from './wait-until';

const EMAIL = 'demo@posthorn.example';
export const DEMO_APPLICATION = { uid: 'demo', name: 'Demo' };
const EVENT_TYPE = { name: 'invoice.paid', description: 'An invoice was paid.' };
const ENDPOINT_UID = 'demo-receiver';

// Mails and the first organization are made by the worker, a moment after the answer.
const WORKER_MS = 20_000;

const sessionSchema = z.object({ accessToken: z.string() });
const identifiedSchema = z.object({ id: z.string() });
const endpointSchema = z.object({ id: z.string(), url: z.string() });
const apiKeySchema = z.object({ token: z.string() });
const userSchema = z.object({ organizations: z.array(z.object({ id: z.string() })) });
const mailboxSchema = z.array(z.object({ id: z.string(), to: z.string(), text: z.string() }));

export interface DemoData {
  readonly email: string;
  readonly password: string;
  readonly apiKey: string;
  readonly appId: string;
  readonly endpointId: string;
  readonly receiverUrl: string;
}

export interface DemoOptions {
  readonly baseUrl: string;
  readonly password: string;
  /** The key of an earlier start, used again while the API accepts it. */
  readonly knownApiKey: string | undefined;
}

/** A demo account with all that it takes to send a message, made through the HTTP API alone. Repeating it changes nothing. */
export async function ensureDemoData({ baseUrl, password, knownApiKey }: DemoOptions): Promise<DemoData> {
  const api = new ApiClient(`${baseUrl}/api/v1`);
  const apiKey = (await acceptedKey(api, knownApiKey)) ?? (await newApiKey(api, baseUrl, password));
  const account = api.withToken(apiKey);

  const application = expect(identifiedSchema, await account.post('/app?get_if_exists=true', DEMO_APPLICATION), 200, 201);
  const eventType = await account.post('/event-type', EVENT_TYPE);
  if (eventType.status !== 409) expect(z.unknown(), eventType, 200, 201);
  const receiverUrl = `${baseUrl}/dev/receiver`;
  const endpointId = await ensureEndpoint(account, application.id, receiverUrl);
  return { email: EMAIL, password, apiKey, appId: application.id, endpointId, receiverUrl };
}

async function acceptedKey(api: ApiClient, key: string | undefined): Promise<string | undefined> {
  if (key === undefined) return undefined;
  const { status } = await api.withToken(key).get('/app');
  return status === 200 ? key : undefined;
}

async function newApiKey(api: ApiClient, baseUrl: string, password: string): Promise<string> {
  const session = await signIn(api, baseUrl, password);
  const belongsToOrganization = await waitUntil(WORKER_MS, async () => {
    const { organizations } = expect(userSchema, await session.get('/users/me'), 200);
    return organizations.length > 0;
  });
  if (!belongsToOrganization) throw new Error('the worker did not make the organization of the demo account');
  return expect(apiKeySchema, await session.post('/api-key', { name: 'Demo' }), 201).token;
}

async function signIn(api: ApiClient, baseUrl: string, password: string): Promise<ApiClient> {
  const credentials = { email: EMAIL, password };
  const login = await api.post('/auth/login', credentials);
  const session = login.status === 200 ? login : await register(api, baseUrl, password);
  return api.withToken(expect(sessionSchema, session, 200).accessToken);
}

async function register(api: ApiClient, baseUrl: string, password: string): Promise<ApiAnswer> {
  const mailbox = new ApiClient(baseUrl);
  const earlier = new Set((await mailsTo(mailbox)).map(({ id }) => id));
  expect(z.unknown(), await api.post('/auth/register', { email: EMAIL, password, name: 'Demo' }), 202);
  const token = await waitUntil(WORKER_MS, async () => {
    const fresh = (await mailsTo(mailbox)).filter(({ id }) => !earlier.has(id));
    return fresh.map(({ text }) => verificationToken(text)).find((found) => found !== undefined);
  });
  if (token === undefined) throw new Error(`no mail to verify ${EMAIL} came; it may have an account with another password here`);
  return api.post('/auth/verify-email', { token });
}

async function mailsTo(mailbox: ApiClient) {
  const mails = expect(mailboxSchema, await mailbox.get('/dev/mailbox'), 200);
  return mails.filter(({ to }) => to.includes(EMAIL));
}

export function verificationToken(mail: string): string | undefined {
  return /\/verify-email#token=(\S+)/.exec(mail)?.[1];
}

/** The receiver's URL follows the port, so an endpoint of an earlier start may have to be moved. */
async function ensureEndpoint(account: ApiClient, application: string, url: string): Promise<string> {
  const path = `/app/${application}/endpoint`;
  const existing = await account.get(`${path}/${ENDPOINT_UID}`);
  if (existing.status === 404) {
    const endpoint = { uid: ENDPOINT_UID, url, description: 'The receiver of the demo' };
    return expect(identifiedSchema, await account.post(path, endpoint), 201).id;
  }
  const endpoint = expect(endpointSchema, existing, 200);
  if (endpoint.url !== url) expect(z.unknown(), await account.patch(`${path}/${ENDPOINT_UID}`, { url }), 200);
  return endpoint.id;
}

function expect<Schema extends z.ZodType>(schema: Schema, answer: ApiAnswer, ...statuses: number[]): z.output<Schema> {
  if (!statuses.includes(answer.status)) throw new Error(`the API answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return schema.parse(answer.body);
}
