import { definePermission } from '../../platform/access/permission';

export const QueueRead = definePermission('queue.read', {
  atLeast: 'admin',
  apiKeys: true,
  description: 'See the queues of the installation, if the organization is the one that operates it.',
});
export const QueueWrite = definePermission('queue.write', {
  atLeast: 'owner',
  apiKeys: true,
  description: 'Pause, empty and ring the queues of the installation, if the organization is the one that operates it.',
});
