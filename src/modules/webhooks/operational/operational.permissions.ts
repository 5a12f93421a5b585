import { definePermission } from '../../../platform/access/permission';

export const OperationalWebhookRead = definePermission('operational_webhook.read', {
  atLeast: 'viewer',
  apiKeys: true,
  description: 'Read and list operational webhooks, without their secrets.',
});
export const OperationalWebhookWrite = definePermission('operational_webhook.write', {
  atLeast: 'developer',
  apiKeys: true,
  description: 'Make, change and delete operational webhooks and their headers.',
});
export const OperationalWebhookSecretRead = definePermission('operational_webhook.secret_read', {
  atLeast: 'developer',
  apiKeys: true,
  description: 'See the signing secret of an operational webhook.',
});
