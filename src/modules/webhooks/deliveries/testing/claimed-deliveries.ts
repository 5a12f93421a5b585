import { sharedSecret } from '../../../../platform/crypto/webhook-key';
import type { ClaimedDelivery, Receiver } from '../domain/claimed-delivery';

/** As a worker holds them. */
export const RECEIVER: Receiver = {
  url: 'https://example.com/',
  headers: { 'x-team': 'blue' },
  keys: [sharedSecret(Buffer.alloc(24))],
  timeoutMs: null,
  retrySchedule: null,
  transformation: null,
};
export const NOW = new Date('2030-01-01T00:00:00Z');

export const claimed = (n: number, changes: Partial<ClaimedDelivery> = {}): ClaimedDelivery => ({
  messageId: `msg_${n}`,
  endpointId: 'ep_1',
  organizationId: 'org_1',
  applicationId: 'app_1',
  eventType: 'a',
  attemptsBefore: 0,
  triggerType: 0,
  lease: `lease-${n}`,
  acceptedAt: NOW,
  trace: null,
  payload: Buffer.from(`{"n":${n}}`),
  receiver: RECEIVER,
  ...changes,
});
