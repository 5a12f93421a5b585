/** What Posthorn is made of: a line makes a module a part of every process. */
export { tasks } from './tasks';
export { users } from './users';
export { organizations } from './organizations';
export { auth } from './auth';
export { notifications } from './notifications';
export { audit } from './audit';
export { webhooks } from './webhooks';
export { keys } from './keys';
