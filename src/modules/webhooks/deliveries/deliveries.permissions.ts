import { definePermission } from '../../../platform/access/permission';

export const AttemptRead = definePermission('attempt.read', {
  atLeast: 'viewer',
  apiKeys: true,
  portal: true,
  description: 'Read and list deliveries and their attempts, with what receivers answered.',
});
export const MessageResend = definePermission('message.resend', {
  atLeast: 'developer',
  apiKeys: true,
  portal: true,
  description: 'Send messages to an endpoint again, one or many.',
});
