import type { z } from 'zod';

export type DomainEvent<Type extends string = string, Payload = unknown> = {
  readonly type: Type;
  readonly payload: Payload;
};

export type EventDefinition<Type extends string = string, Payload = unknown> = {
  readonly type: Type;
  readonly schema: z.ZodType<Payload>;
};

/**
 * Declares an event once: its name, its schema, its factory. Id and time are stamped by the outbox.
 * Payloads hold ids, never user data: they are stored in the clear.
 */
export function defineEvent<Type extends string, Schema extends z.ZodType>(type: Type, schema: Schema) {
  const create = (payload: z.output<Schema>): DomainEvent<Type, z.output<Schema>> => ({ type, payload });
  return Object.assign(create, { type, schema });
}
