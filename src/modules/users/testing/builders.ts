import { randomBytes, randomUUID } from 'node:crypto';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { newId } from '../../../platform/ids/id';
import { EmailVerification } from '../domain/email-verification';
import { PasswordReset } from '../domain/password-reset';
import { EmailChange } from '../domain/email-change';
import { SecondFactor } from '../domain/second-factor';
import { emailHash } from '../domain/email-address';
import { User } from '../domain/user';

export const NOW = new Date('2026-12-01T10:00:00Z');

const lookup = new LookupHash(Buffer.alloc(32, 1));

export function aUser({ email = `${randomUUID()}@example.com`, name = 'Ann', now = NOW } = {}): User {
  return User.register(newId('user'), { name, email, emailHash: emailHash(lookup, email), passwordHash: 'a hash' }, now);
}

export function aVerification(userId = newId('user'), now = NOW): EmailVerification {
  return EmailVerification.issue(newId('ver'), userId, someSecrets(), now);
}

export function aPasswordReset(user: User, now = NOW): PasswordReset {
  return PasswordReset.issue(newId('reset'), user, randomBytes(32), now);
}

export function anEmailChange(userId = newId('user'), email = `${randomUUID()}@example.com`, now = NOW): EmailChange {
  return EmailChange.request(newId('emch'), userId, { newEmail: email, newEmailHash: emailHash(lookup, email) }, now);
}

export function aSecondFactor(userId = newId('user'), secret = 'a secret', now = NOW): SecondFactor {
  return SecondFactor.start(newId('mfa'), userId, secret, now);
}

export const someSecrets = () => ({ tokenHash: randomBytes(32), codeHash: randomBytes(32), registeredAt: NOW });
