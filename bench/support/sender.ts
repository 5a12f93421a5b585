import { eventually } from '../../test/support/eventually';
import { person, type Posthorn } from './posthorn';

/** A message of so many bytes in all. */
export function messageOf(bytes: number): string {
  const withNote = (note: string) => JSON.stringify({ eventType: 'invoice.paid', payload: { invoice: 'in_1', amount: 4200, note } });
  return withNote('x'.repeat(bytes - withNote('').length));
}

export const MESSAGE = messageOf(512);

/** What is delivered of it. */
export const payloadOf = (message: string): string => JSON.stringify((JSON.parse(message) as { payload: object }).payload);

/** Somebody who has signed in. @returns the headers of their requests */
export async function owner(posthorn: Posthorn): Promise<Record<string, string>> {
  const { email, password, name } = { ...person(0), email: 'sender@example.com' };
  await posthorn.post('/auth/register', { email, password, name });
  await posthorn.sql('UPDATE user_account SET email_verified_at = now()');
  const { accessToken } = (await posthorn.post('/auth/login', { email, password })).body as { accessToken: string };
  return { authorization: `Bearer ${accessToken}` };
}

/** An application and a key that may send to it. @returns the URL of the application */
export async function sender(posthorn: Posthorn) {
  const authorization = await owner(posthorn);
  const app = await eventually(async () => {
    const answer = await posthorn.post('/app', { name: 'Acme' }, authorization);
    return answer.status === 201 && answer.body;
  });
  const key = await posthorn.post('/api-key', { name: 'bench' }, authorization);
  const headers = { authorization: `Bearer ${String(key.body['token'])}`, 'content-type': 'application/json' };
  return { url: `${posthorn.url}/app/${String(app['id'])}`, headers };
}
