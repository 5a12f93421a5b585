import { definePermission } from '../../../platform/access/permission';

export const AttemptRead = definePermission('attempt.read', {
  atLeast: 'viewer',
  apiKeys: true,
  portal: true,
  description: 'Read and list delivery attempts with what receivers answered.',
});
