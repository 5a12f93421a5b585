import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { parseWebhookKey, sharedSecret, verificationKey } from './webhook-key';

describe('webhook keys', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
  const pub = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const whsk = `whsk_${Buffer.concat([seed, pub]).toString('base64')}`;

  it.each([24, 32, 75])('reads a shared secret of %d bytes', (size) => {
    const secret = sharedSecret(randomBytes(size));
    expect(parseWebhookKey(secret)).toMatchObject({ version: 'v1', verifiedBy: secret });
  });

  it('reads an ed25519 key pair', () => {
    expect(parseWebhookKey(whsk)).toMatchObject({ version: 'v1a', verifiedBy: `whpk_${pub.toString('base64')}` });
  });

  it.each([
    '',
    'whsec_',
    randomBytes(24).toString('base64'),
    sharedSecret(randomBytes(23)),
    sharedSecret(randomBytes(76)),
    sharedSecret(Buffer.alloc(25)).replace('=', ''),
    sharedSecret(Buffer.alloc(24, 0xff)).replace('/', '_'),
    `${sharedSecret(randomBytes(24))}\n`,
    ` ${sharedSecret(randomBytes(24))}`,
    `whsk_${seed.toString('base64')}`,
    `whsk_${Buffer.concat([seed, randomBytes(32)]).toString('base64')}`,
    `whpk_${pub.toString('base64')}`,
    `WHSEC_${randomBytes(24).toString('base64')}`,
  ])('refuses %j', (text) => {
    expect(parseWebhookKey(text)).toBeNull();
  });

  it('shows the public half of a key pair only', () => {
    expect(verificationKey(whsk)).toBe(`whpk_${pub.toString('base64')}`);
    const secret = sharedSecret(randomBytes(24));
    expect(verificationKey(secret)).toBe(secret);
  });
});
