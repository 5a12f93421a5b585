import { randomBytes } from 'node:crypto';
import { newId } from '../../../platform/ids/id';
import { ApiKey, type NewApiKey } from '../domain/api-key';
import { Session } from '../domain/session';

export const NOW = new Date('2026-12-01T10:00:00Z');

export function anApiKey(changes: Partial<NewApiKey> = {}): ApiKey {
  return ApiKey.create(
    newId('key'),
    { organizationId: newId('org'), name: 'billing', scopes: null, environment: 'live', expiresAt: null, ...changes },
    NOW,
  );
}

export function aSession(userId = newId('user'), now = NOW): Session {
  return Session.open(newId('ses'), userId, { userAgent: 'Firefox 🦊', address: '203.0.113.7' }, randomBytes(32), now);
}
