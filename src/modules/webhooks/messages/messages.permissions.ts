import { definePermission } from '../../../platform/access/permission';

export const MessageRead = definePermission('message.read', {
  atLeast: 'viewer',
  apiKeys: true,
  portal: true,
  description: 'Read and list messages with their payloads.',
});
export const MessageWrite = definePermission('message.write', {
  atLeast: 'developer',
  apiKeys: true,
  description: 'Send messages.',
});
