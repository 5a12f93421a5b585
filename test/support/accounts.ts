import { randomBytes } from 'node:crypto';
import { request } from 'undici';
import type { TestApp } from './app';
import { eventually } from './eventually';
import { keepOutOfLogsWhatIsIn } from './log-watch';
import { tokenIn } from './smtp';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type Headers = Readonly<Record<string, string>>;
export type Reply<Body> = { readonly status: number; readonly headers: Readonly<Record<string, unknown>>; readonly body: Body };

export type Caller = ReturnType<typeof callerOf>;
export type SessionTokens = { readonly accessToken: string; readonly refreshToken: string };

/** Calls `/api/v1` with a token; `body` of the reply is the parsed JSON, or undefined when there is none. */
export function callerOf(app: Pick<TestApp, 'http'>, token?: string) {
  return async <Body = Record<string, unknown>>(
    method: Method,
    path: string,
    payload?: object,
    headers: Headers = {},
  ): Promise<Reply<Body>> => {
    const reply = await app.http.inject({
      method,
      url: `/api/v1${path}`,
      headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: reply.statusCode, headers: reply.headers, body: (reply.body === '' ? undefined : JSON.parse(reply.body)) as Body };
  };
}

/** The same over the network, for an API in a process of its own. */
export function callerAt(url: string, token?: string): Caller {
  return async <Body>(method: Method, path: string, payload?: object, headers?: Headers): Promise<Reply<Body>> => {
    const reply = await request(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(payload ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(payload ? { body: JSON.stringify(payload) } : {}),
    });
    const text = await reply.body.text();
    const body = (text === '' ? undefined : JSON.parse(text)) as Body;
    keepOutOfLogsWhatIsIn({ headers: { authorization: token }, body: payload, answer: body });
    return { status: reply.statusCode, headers: reply.headers, body };
  };
}

export type Account = Awaited<ReturnType<typeof signUp>>;

/** A new person with an organization and an API key, through the API and the mailbox. Needs `startTestApp({ worker: true })`. */
export async function signUp(app: TestApp, name = 'Ann', password = randomBytes(12).toString('base64url')) {
  const email = `${name.toLowerCase()}.${randomBytes(6).toString('hex')}@example.com`;
  const anybody = callerOf(app);

  expected(202, await anybody('POST', '/auth/register', { email, password, name }));
  const token = tokenIn(await app.mail.mailTo(email));
  const { accessToken, refreshToken } = expected(200, await anybody<SessionTokens>('POST', '/auth/verify-email', { token }));

  const user = callerOf(app, accessToken);
  const { id: userId, organizations } = await eventually(
    async () => {
      const me = expected(200, await user<{ id: string; organizations: { id: string }[] }>('GET', '/users/me'));
      return me.organizations.length > 0 && me;
    },
    { what: 'the first organization' },
  );
  const { token: apiKey } = expected(201, await user<{ token: string }>('POST', '/api-key', { name: 'test' }));

  return {
    email,
    password,
    userId,
    organizationId: organizations[0]!.id,
    accessToken,
    refreshToken,
    apiKey,
    user,
    organization: callerOf(app, apiKey),
  };
}

/** The body of a reply that must have this status. */
export function expected<Body>(status: number, reply: Reply<Body>): Body {
  if (reply.status !== status) throw new Error(`Expected ${status}, got ${reply.status}: ${JSON.stringify(reply.body)}`);
  return reply.body;
}
