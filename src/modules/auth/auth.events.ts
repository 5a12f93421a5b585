import { z } from 'zod';
import { defineEvent } from '../../platform/events/domain-event';

const OfApiKey = z.object({ apiKeyId: z.string() });
const audit = { audits: ({ apiKeyId }: z.output<typeof OfApiKey>) => apiKeyId };

export const ApiKeyCreated = defineEvent('api_key.created', OfApiKey, audit);
export const ApiKeyRevoked = defineEvent('api_key.revoked', OfApiKey, audit);
