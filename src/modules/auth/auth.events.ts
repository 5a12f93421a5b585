import { z } from 'zod';
import { defineEvent } from '../../platform/events/domain-event';

const ByUser = z.object({ apiKeyId: z.string(), userId: z.string() });

export const ApiKeyCreated = defineEvent('api_key.created', ByUser);
export const ApiKeyRevoked = defineEvent('api_key.revoked', ByUser);
