import { definePermission } from '../../../platform/access/permission';

export const ApplicationList = definePermission('application.list', {
  atLeast: 'viewer',
  apiKeys: true,
  description: 'List all applications.',
});
export const ApplicationRead = definePermission('application.read', {
  atLeast: 'viewer',
  apiKeys: true,
  portal: true,
  description: 'Read an application.',
});
export const ApplicationWrite = definePermission('application.write', {
  atLeast: 'developer',
  apiKeys: true,
  description: 'Make, change and delete applications.',
});
