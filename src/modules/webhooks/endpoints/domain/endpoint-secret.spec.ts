import { sharedSecret } from '../../../../platform/crypto/webhook-key';
import { InvalidField } from '../../../../platform/errors/domain-error';
import { checkSecret, type EndpointSecret, rotated } from './endpoint-secret';
import { SecretLimitReached } from './endpoint.errors';

const NOW = new Date('2026-01-02T03:04:05.000Z');
const key = (fill: number) => sharedSecret(Buffer.alloc(24, fill));
const current = (fill: number): EndpointSecret => ({ key: key(fill), expiresAt: null });
const old = (fill: number, expiresAt = '2026-01-03T00:00:00.000Z'): EndpointSecret => ({ key: key(fill), expiresAt });

describe('rotation of secrets', () => {
  it('puts the new key first and lets the one before sign until the grace ends', () => {
    expect(rotated([current(1)], key(2), 60, NOW)).toEqual([current(2), old(1, '2026-01-02T03:05:05.000Z')]);
  });

  it('ends the old key at once without grace', () => {
    expect(rotated([current(1), old(0)], key(2), 0, NOW)).toEqual([current(2), old(0)]);
  });

  it('forgets keys that have expired, and keeps the end that others were given', () => {
    expect(rotated([current(3), old(2), old(1, NOW.toISOString())], key(4), 86_400, NOW)).toEqual([
      current(4),
      old(3, '2026-01-03T03:04:05.000Z'),
      old(2),
    ]);
  });

  it('makes a key that signs still the current one again, once', () => {
    expect(rotated([current(2), old(1)], key(1), 60, NOW)).toEqual([current(1), old(2, '2026-01-02T03:05:05.000Z')]);
  });

  it('keeps ten old keys and refuses an eleventh', () => {
    let secrets: EndpointSecret[] = [current(0)];
    for (let fill = 1; fill <= 10; fill++) secrets = rotated(secrets, key(fill), 86_400, NOW);
    expect(secrets).toHaveLength(11);
    expect(() => rotated(secrets, key(11), 86_400, NOW)).toThrow(SecretLimitReached);
    expect(rotated(secrets, key(11), 0, NOW)).toHaveLength(11);
  });

  it('says what a key must look like', () => {
    expect(checkSecret(key(1), ['body', 'secret'])).toBe(key(1));
    expect(() => checkSecret('secret', ['body', 'secret'])).toThrow(InvalidField);
  });
});
