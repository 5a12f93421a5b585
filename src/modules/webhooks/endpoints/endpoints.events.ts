import { z } from 'zod';
import { defineEvent } from '../../../platform/events/domain-event';

const payload = z.object({ applicationId: z.string(), endpointId: z.string() });
const trouble = {
  percent: z.number().int(),
  /** In a row. */
  failures: z.number().int(),
  failingSince: z.iso.datetime(),
  disablesAt: z.iso.datetime(),
};
const audit = { audits: ({ endpointId }: z.output<typeof payload>) => endpointId };

/** Why nothing is delivered: its owner said so, it has to answer a challenge first, the receiver answered 410, or it failed for too long. */
export const DisableReason = z.enum(['owner', 'unverified', 'gone', 'failing']);
export type DisableReason = z.output<typeof DisableReason>;

export const EndpointCreated = defineEvent('endpoint.created', payload, audit);
export const EndpointUpdated = defineEvent('endpoint.updated', payload, audit);
export const EndpointDeleted = defineEvent('endpoint.deleted', payload, audit);
/** Some of the way to being disabled for failing is behind it: half of it, and later more. */
export const EndpointFailing = defineEvent('endpoint.failing', payload.extend(trouble));
export type EndpointFailing = z.output<typeof EndpointFailing.schema>;
export const EndpointDisabled = defineEvent(
  'endpoint.disabled',
  // Null but for `failing`.
  payload.extend({ reason: DisableReason, failingSince: z.iso.datetime().nullable().default(null) }),
  audit,
);
export type EndpointDisabled = z.output<typeof EndpointDisabled.schema>;
/** Messages go there again. */
export const EndpointEnabled = defineEvent('endpoint.enabled', payload, audit);
/** Its receiver answered a challenge. */
export const EndpointVerified = defineEvent('endpoint.verified', payload, audit);
/** Somebody saw the key with which its messages are signed. */
export const EndpointSecretRead = defineEvent('endpoint.secret_read', payload, audit);
export const EndpointSecretRotated = defineEvent('endpoint.secret_rotated', payload, audit);
/** The code that changes its messages, or whether that runs. Beside `endpoint.updated`, for those who watch over code. */
export const EndpointTransformationChanged = defineEvent('endpoint.transformation_changed', payload, audit);
