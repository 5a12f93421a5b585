import { randomBytes } from 'node:crypto';
import { keepOutOfLogs, keepOutOfLogsWhatIsIn, newLog, takeLeaks } from '../support/log-watch';

const marker = () => `marker-${randomBytes(8).toString('hex')}`;

describe('the watch over logs', () => {
  const log = newLog();
  const leaksOf = (line: object) => {
    log.write(`${JSON.stringify(line)}\n`);
    return takeLeaks();
  };

  it.each<[string, (secret: string) => void]>([
    ['a secret', (secret) => keepOutOfLogs(secret)],
    ['a bearer token', (secret) => keepOutOfLogsWhatIsIn({ headers: { authorization: `Bearer ${secret}` } })],
    ['a cookie', (secret) => keepOutOfLogsWhatIsIn({ headers: { cookie: `a=b; session=${secret}` } })],
    ['a password', (secret) => keepOutOfLogsWhatIsIn({ body: { newPassword: secret } })],
    ['an address', (secret) => keepOutOfLogsWhatIsIn({ body: { email: `${secret}@example.com` } })],
    ['a payload, however deep', (secret) => keepOutOfLogsWhatIsIn({ body: { messages: [{ payload: { list: [{ deep: secret }] } }] } })],
    ['a header of an endpoint', (secret) => keepOutOfLogsWhatIsIn({ body: { headers: { 'x-key': secret } } })],
    ['the password of a URL', (secret) => keepOutOfLogsWhatIsIn({ body: { url: `https://user:${secret}@example.com` } })],
    ['the query of a URL', (secret) => keepOutOfLogsWhatIsIn({ body: { url: `https://example.com/?key=${secret}` } })],
    ['a token that was handed out', (secret) => keepOutOfLogsWhatIsIn({ answer: { data: [{ accessToken: secret }] } })],
    ['the key of an endpoint', (secret) => keepOutOfLogsWhatIsIn({ answer: { key: secret } })],
  ])('finds %s', (_, happens) => {
    const secret = marker();
    happens(secret);
    expect(leaksOf({ msg: `it is ${secret}@example.com` })).toHaveLength(1);
    expect(takeLeaks()).toEqual([]);
  });

  it('lets pass ids, what is short, and what a caller calls its things, in a path', () => {
    const uid = marker();
    keepOutOfLogsWhatIsIn({ body: { payload: { uid, id: 'app_0123456789', short: 'short' } } });
    expect(leaksOf({ req: { path: `/api/v1/app/${uid}` }, id: 'app_0123456789', msg: 'short' })).toEqual([]);
  });

  it('does not let a credential pass in a path', () => {
    const secret = marker();
    keepOutOfLogs(secret);
    expect(leaksOf({ req: { path: `/api/v1/app/${secret}` } })).toHaveLength(1);
  });
});
