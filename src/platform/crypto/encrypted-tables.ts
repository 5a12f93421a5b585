import type { DataSource } from 'typeorm';
import { encryptedPropertiesOf } from './encrypted-column';

export type EncryptedTable = { readonly table: string; readonly columns: readonly string[] };

const declared = new Map<string, EncryptedTable>();

/**
 * Declares encrypted columns that SQL writes itself, once, beside that SQL: the rotation of keys finds them by it. The row
 * is known by `id`, and each value is sealed for `columnContext(table, column, id)`. Columns of `@EncryptedColumn` are known.
 */
export function encryptedTable(table: string, ...columns: string[]): void {
  declared.set(table, { table, columns });
}

/** Every place with encrypted values, by table in alphabetical order. */
export function encryptedTables({ entityMetadatas }: Pick<DataSource, 'entityMetadatas'>): EncryptedTable[] {
  const ofEntities = entityMetadatas.map(({ tableName, target, columns }) => {
    const properties = encryptedPropertiesOf(target as object);
    return {
      table: tableName,
      columns: columns.filter(({ propertyName }) => properties.includes(propertyName)).map(({ databaseName }) => databaseName),
    };
  });
  return [...ofEntities.filter(({ columns }) => columns.length > 0), ...declared.values()].sort((a, b) => (a.table < b.table ? -1 : 1));
}
