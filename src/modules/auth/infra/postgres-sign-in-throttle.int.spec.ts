import { openTestStore, type TestStore } from '../../../../test/support/store';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { signInThrottleContract } from '../testing/sign-in-throttle.contract';
import { PostgresSignInThrottle } from './postgres-sign-in-throttle';

describe('PostgresSignInThrottle', () => {
  let db: TestStore;
  const open = () => new PostgresSignInThrottle(db.sql, new LookupHash(Buffer.alloc(32, 1)));

  beforeAll(async () => {
    db = await openTestStore();
  });
  afterAll(() => db.close());

  signInThrottleContract(open);

  it('looks again when the wait is over', async () => {
    const attempt = { account: 'ann@example.com', address: '203.0.113.7' };
    for (let i = 0; i < 8; i++) await open().countFailure(attempt);
    expect(await open().wait(attempt)).toBe(8);
    await db.sql.run("UPDATE sign_in_throttle SET wait_until = wait_until - interval '8 s'");
    expect(await open().wait(attempt)).toBe(0);
    await open().countFailure(attempt);
    expect(await open().wait(attempt)).toBe(16);
  });

  it('shows the database neither whom nor from where', async () => {
    await open().countFailure({ account: 'ann@example.com', address: '203.0.113.7' });
    const rows = await db.sql.run('SELECT * FROM sign_in_throttle');
    expect(JSON.stringify(rows)).not.toMatch(/ann|example|203\.0/);
  });
});
