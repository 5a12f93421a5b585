import type { Cipher } from '../../../../platform/crypto/cipher';
import { columnContext } from '../../../../platform/crypto/encrypted-column';

export type EventTypeView = {
  readonly name: string;
  readonly description: string;
  readonly archived: boolean;
  readonly deprecated: boolean;
  readonly schemas: Readonly<Record<string, unknown>> | null;
  readonly validation: 'off' | 'warn' | 'reject';
  readonly groupName: string | null;
  readonly featureFlags: readonly string[] | null;
  /** The first of `featureFlags`; older clients know one only. */
  readonly featureFlag: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

export type EventTypeRow = {
  id: string;
  name: string;
  description: Buffer;
  schemas: Buffer | null;
  archived: boolean;
  deprecated: boolean;
  validation: 'off' | 'warn' | 'reject';
  group_name: string | null;
  feature_flags: string[] | null;
  created_at: Date;
  updated_at: Date;
};

export const EVENT_TYPE_COLUMNS =
  'id, name, description, schemas, archived, deprecated, validation, group_name, feature_flags, created_at, updated_at';

/** Those that the caller has; null for a caller who sees everything. */
export type FeatureFlags = readonly string[] | null;

/** SQL: whether an event type exists for a caller with the flags of this parameter. */
export const visible = (flags: string) => `(${flags}::text[] IS NULL OR feature_flags IS NULL OR feature_flags && ${flags})`;

export async function eventTypeView(cipher: Cipher, row: EventTypeRow, withSchemas = true): Promise<EventTypeView> {
  const { id, name, archived, deprecated, validation, group_name: groupName, feature_flags: featureFlags, ...times } = row;
  const [description, schemas] = await Promise.all([
    cipher.openJson<string>(columnContext('event_type', 'description', id), row.description),
    row.schemas && withSchemas ? cipher.openJson<Record<string, unknown>>(columnContext('event_type', 'schemas', id), row.schemas) : null,
  ]);
  return {
    name,
    description,
    archived,
    deprecated,
    schemas,
    validation,
    groupName,
    featureFlags,
    featureFlag: featureFlags?.[0] ?? null,
    createdAt: times.created_at,
    updatedAt: times.updated_at,
  };
}
