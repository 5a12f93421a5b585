import { definePermission } from '../../platform/access/permission';

/** Keys are managed by people: a key that leaked must not make others. */
export const ApiKeyManage = definePermission('api_key.manage', {
  atLeast: 'admin',
  description: 'Make, list, change and revoke API keys.',
});
