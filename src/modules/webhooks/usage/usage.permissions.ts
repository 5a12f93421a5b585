import { definePermission } from '../../../platform/access/permission';

export const UsageRead = definePermission('usage.read', {
  atLeast: 'viewer',
  apiKeys: true,
  description: 'Have the usage of applications counted.',
});
