import { definePermission } from '../../../platform/access/permission';

export const EventTypeRead = definePermission('event_type.read', {
  atLeast: 'viewer',
  apiKeys: true,
  portal: true,
  description: 'Read and list event types.',
});
export const EventTypeWrite = definePermission('event_type.write', {
  atLeast: 'developer',
  apiKeys: true,
  description: 'Make, change, archive and delete event types.',
});
export const EnvironmentRead = definePermission('environment.read', {
  atLeast: 'viewer',
  apiKeys: true,
  description: 'Export the configuration.',
});
export const EnvironmentWrite = definePermission('environment.write', {
  atLeast: 'developer',
  apiKeys: true,
  description: 'Import a configuration.',
});
