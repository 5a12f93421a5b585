import { newId } from '../../../platform/ids/id';
import { ApiKey, type NewApiKey } from '../domain/api-key';

export const NOW = new Date('2026-12-01T10:00:00Z');

export function anApiKey(changes: Partial<NewApiKey> = {}): ApiKey {
  return ApiKey.create(
    newId('key'),
    { organizationId: newId('org'), name: 'billing', environment: 'live', expiresAt: null, ...changes },
    NOW,
  );
}
