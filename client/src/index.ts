export {
  type CallOptions,
  createPosthorn,
  type InputOf,
  type OperationId,
  type OutputOf,
  type Posthorn,
  type PosthornOptions,
} from './client.js';
export type { components } from './generated/schema.js';
export { idempotencyKey } from './idempotency-key.js';
export { each } from './pages.js';
export { type FieldProblem, PosthornError, type Problem } from './problem.js';
export type { RetryOptions } from './retry.js';
