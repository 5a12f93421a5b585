import { eventually } from '../../test/support/eventually';
import { person, type Posthorn } from './posthorn';

/** About 512 bytes on the wire. */
export const MESSAGE = JSON.stringify({ eventType: 'invoice.paid', payload: { invoice: 'in_1', amount: 4200, note: 'x'.repeat(400) } });

/** An application and a key that may send to it. @returns the URL of the application */
export async function sender(posthorn: Posthorn) {
  const { email, password, name } = { ...person(0), email: 'sender@example.com' };
  await posthorn.post('/auth/register', { email, password, name });
  await posthorn.sql('UPDATE user_account SET email_verified_at = now()');
  const { accessToken } = (await posthorn.post('/auth/login', { email, password })).body as { accessToken: string };
  const authorization = { authorization: `Bearer ${accessToken}` };
  const app = await eventually(async () => {
    const answer = await posthorn.post('/app', { name: 'Acme' }, authorization);
    return answer.status === 201 && answer.body;
  });
  const key = await posthorn.post('/api-key', { name: 'bench' }, authorization);
  const headers = { authorization: `Bearer ${String(key.body['token'])}`, 'content-type': 'application/json' };
  return { url: `${posthorn.url}/app/${String(app['id'])}`, headers };
}
