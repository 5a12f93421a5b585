import { z } from 'zod';
import { defineEvent } from '../../../platform/events/domain-event';

const payload = z.object({ applicationId: z.string(), endpointId: z.string() });

/** Why nothing is delivered any more: its owner said so, the receiver answered 410, or it failed for too long. */
export const DisableReason = z.enum(['owner', 'gone', 'failing']);
export type DisableReason = z.output<typeof DisableReason>;

export const EndpointCreated = defineEvent('endpoint.created', payload);
export const EndpointUpdated = defineEvent('endpoint.updated', payload);
export const EndpointDeleted = defineEvent('endpoint.deleted', payload);
export const EndpointDisabled = defineEvent('endpoint.disabled', payload.extend({ reason: DisableReason }));
export const EndpointSecretRotated = defineEvent('endpoint.secret_rotated', payload);
