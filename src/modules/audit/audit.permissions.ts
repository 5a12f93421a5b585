import { definePermission } from '../../platform/access/permission';

export const AuditRead = definePermission('audit.read', {
  atLeast: 'admin',
  whenClosed: true,
  description: 'See who did what in the organization, and what was refused.',
});
