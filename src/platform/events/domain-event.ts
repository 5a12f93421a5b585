import type { z } from 'zod';
import { noteDeclaration } from '../declarations/declarations';

export type DomainEvent<Type extends string = string, Payload = unknown> = {
  readonly type: Type;
  readonly payload: Payload;
};

export type AuditRule<Payload = unknown> = {
  /** Id of what it was done to. An event that has this is written to the audit log, in the transaction of its change. */
  readonly audits: (payload: Payload) => string;
  /** `refused` for what somebody tried and was not let do. */
  readonly result?: 'success' | 'refused';
  /** Names of the fields that changed; never their values. */
  readonly fields?: (payload: Payload) => readonly string[];
};

export type EventDefinition<Type extends string = string, Payload = unknown> = {
  readonly type: Type;
  readonly schema: z.ZodType<Payload>;
  /** Its functions take what the schema lets through. */
  readonly audit: AuditRule | null;
};

const definitions = new Map<string, EventDefinition>();

/**
 * Declares an event once: its name, its schema, its factory, and whether the audit log has it. Id and time are stamped by
 * the outbox. Payloads hold ids, never user data: they are stored in the clear.
 */
export function defineEvent<Type extends string, Schema extends z.ZodType>(
  type: Type,
  schema: Schema,
  audit: AuditRule<z.output<Schema>> | null = null,
) {
  noteDeclaration('event', type, defineEvent);
  const create = (payload: z.output<Schema>): DomainEvent<Type, z.output<Schema>> => ({ type, payload });
  const event = Object.assign(create, { type, schema, audit: audit as AuditRule | null });
  definitions.set(type, event);
  return event;
}

/** All that are declared, by type. */
export function events(): ReadonlyMap<string, EventDefinition> {
  return definitions;
}

/** @throws for a type that nobody declared */
export function definitionOf(type: string): EventDefinition {
  const definition = definitions.get(type);
  if (!definition) throw new Error(`Nobody declared the event ${type}: write it with defineEvent, in the *.events.ts of its module.`);
  return definition;
}
