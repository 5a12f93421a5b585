import { definePermission } from '../../platform/access/permission';

/** Keys are managed by people: a key that leaked must not make others. */
export const ApiKeyManage = definePermission('api_key.manage', {
  atLeast: 'admin',
  description: 'Make, list, change and revoke API keys.',
});
export const PortalAccess = definePermission('portal.access', {
  atLeast: 'developer',
  apiKeys: true,
  description: 'Open the portal of an application for its owner, and end all access to it.',
});
