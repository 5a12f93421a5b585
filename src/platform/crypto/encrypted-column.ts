import { Column } from 'typeorm';

const encryptedProperties = new Map<object, string[]>();

/**
 * A property that is plain in memory and encrypted in its `bytea` column. `AggregateStore` encrypts on save and decrypts
 * on load; SQL that reads such a column itself opens it with `Cipher`.
 */
export function EncryptedColumn(): PropertyDecorator {
  return (target, property) => {
    const known = encryptedProperties.get(target.constructor) ?? [];
    encryptedProperties.set(target.constructor, [...known, String(property)]);
    Column('bytea')(target, property);
  };
}

/** Names of the encrypted properties of an entity class. */
export function encryptedPropertiesOf(entity: object): readonly string[] {
  return encryptedProperties.get(entity) ?? [];
}

/** The authenticated place of a value. */
export function columnContext(table: string, column: string, id: string): string {
  return `${table}.${column}:${id}`;
}
