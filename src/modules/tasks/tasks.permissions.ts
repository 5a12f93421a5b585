import { definePermission } from '../../platform/access/permission';

export const TaskRead = definePermission('task.read', {
  atLeast: 'viewer',
  apiKeys: true,
  description: 'See background tasks and their results.',
});
export const TaskCancel = definePermission('task.cancel', {
  atLeast: 'developer',
  apiKeys: true,
  description: 'End a running background task.',
});
