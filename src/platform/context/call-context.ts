import type { SpanContext } from '@opentelemetry/api';
import { AsyncLocalStorage } from 'node:async_hooks';

/** Who does something: a caller of the API, or the system itself (workers, migrations). */
export type Actor = {
  readonly kind: 'user' | 'api_key' | 'portal' | 'anonymous' | 'system';
  /** Null for `anonymous` and `system`. */
  readonly id: string | null;
};

/** On whose behalf the code that asks is running. */
export type CallContext = {
  readonly actor: Actor;
  /** The one tenant whose rows are visible; null for all. */
  readonly organizationId: string | null;
  /** Network address of the caller. Personal data: never logged, encrypted where it is stored. */
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
  /** What this is a part of: the span that is open, or without tracing what the caller said. */
  readonly trace: SpanContext | null;
};

const SYSTEM: CallContext = {
  actor: { kind: 'system', id: null },
  organizationId: null,
  address: null,
  userAgent: null,
  requestId: null,
  trace: null,
};

const current = new AsyncLocalStorage<CallContext>();

/** Of the request that is being handled; outside one, the system's, which sees every tenant. */
export function callContext(): CallContext {
  return current.getStore() ?? SYSTEM;
}

/** Runs `work`, and all that it starts, in this context. */
export function inContext<T>(context: CallContext, work: () => T): T {
  return current.run(context, work);
}

/** The same context, as a part of this trace. */
export function inTrace<T>(trace: SpanContext, work: () => T): T {
  // One by one: those of a request are getters, which a spread would leave behind.
  const { actor, organizationId, address, userAgent, requestId } = callContext();
  return current.run({ actor, organizationId, address, userAgent, requestId, trace }, work);
}

/** For work that serves several tenants at once, such as a batch that one of their requests happened to start. */
export function asSystem<T>(work: () => T): T {
  // Where nobody ever had a context, as in a worker, none is made: from the first one on Node follows every promise.
  return current.getStore() === undefined ? work() : current.run(SYSTEM, work);
}
