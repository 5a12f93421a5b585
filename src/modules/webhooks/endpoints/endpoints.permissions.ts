import { definePermission } from '../../../platform/access/permission';

export const EndpointRead = definePermission('endpoint.read', {
  atLeast: 'viewer',
  apiKeys: true,
  portal: true,
  description: 'Read and list endpoints, without their secrets.',
});
export const EndpointWrite = definePermission('endpoint.write', {
  atLeast: 'developer',
  apiKeys: true,
  portal: true,
  description: 'Make, change and delete endpoints and their headers.',
});
export const EndpointSecretRotate = definePermission('endpoint.secret_rotate', {
  atLeast: 'developer',
  apiKeys: true,
  portal: true,
  description: 'Replace the signing secret of an endpoint.',
});
export const EndpointSecretRead = definePermission('endpoint.secret_read', {
  atLeast: 'developer',
  apiKeys: true,
  portal: true,
  description: 'See the signing secret of an endpoint.',
});
export const EndpointTransform = definePermission('endpoint.transform', {
  atLeast: 'developer',
  apiKeys: true,
  portal: true,
  description: 'See, try and change the code that changes the messages of an endpoint.',
});
