import { generateKeyPairSync, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix-v1';
import { sharedSecret } from './webhook-key';
import { signWebhook } from './webhook-signature';

const body = Buffer.from('{"n":12345678901234567890, "emoji":"🦊"}');
const now = Math.floor(Date.now() / 1_000);
const secrets = [1, 2].map((fill) => sharedSecret(Buffer.alloc(24, fill)));

describe('signWebhook', () => {
  it.each(secrets)('satisfies the verifiers of Standard Webhooks and svix, with each key of an overlap', (secret) => {
    const signature = signWebhook(secrets, 'msg_1', now, body);
    const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(now), 'webhook-signature': signature };
    expect(() => new Webhook(secret).verify(body.toString(), headers)).not.toThrow();
    expect(() => new SvixWebhook(secret).verify(body.toString(), headers)).not.toThrow();
  });

  it('does not satisfy them with another body, id or time', () => {
    const headers = (id: string, time: number) => ({
      'webhook-id': id,
      'webhook-timestamp': String(time),
      'webhook-signature': signWebhook(secrets, 'msg_1', now, body),
    });
    const webhook = new Webhook(secrets[0] ?? '');
    expect(() => webhook.verify(`${body.toString()} `, headers('msg_1', now))).toThrow();
    expect(() => webhook.verify(body.toString(), headers('msg_2', now))).toThrow();
    expect(() => webhook.verify(body.toString(), headers('msg_1', now + 1))).toThrow();
  });

  it('signs with ed25519 as v1a', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
    const key = `whsk_${Buffer.concat([seed, publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)]).toString('base64')}`;
    const [version, signature = ''] = signWebhook([key], 'msg_1', now, body).split(',');
    expect(version).toBe('v1a');
    expect(verify(null, Buffer.concat([Buffer.from(`msg_1.${now}.`), body]), publicKey, Buffer.from(signature, 'base64'))).toBe(true);
  });
});
