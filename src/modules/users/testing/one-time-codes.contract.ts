import type { OneTimeCodes } from '../domain/one-time-codes';
import { NOW } from './builders';

export function oneTimeCodesContract(open: () => OneTimeCodes): void {
  it('makes a new secret each time', () => {
    expect(open().newSecret()).toMatch(/^[A-Za-z0-9]{32,40}$/);
    expect(open().newSecret()).not.toBe(open().newSecret());
  });

  it('puts secret and account into the address for the app', () => {
    const secret = open().newSecret();
    const uri = new URL(open().uri(secret, 'ann+1@example.com'));
    expect([uri.protocol, uri.host, decodeURIComponent(uri.pathname)]).toEqual(['otpauth:', 'totp', '/Posthorn:ann+1@example.com']);
    expect(Object.fromEntries(uri.searchParams)).toMatchObject({ secret, issuer: 'Posthorn' });
  });

  it.each(['', '12345', '1234567', 'abcdef', '１２３４５６', '-12345', '1e5000'])('takes no %j', (code) =>
    expect(open().stepOf(open().newSecret(), code, NOW)).toBeNull(),
  );
}
