import { type Finding, ok, problem } from '../doctor/finding';
import type { RowCounts } from './backup';

export function examineRows(source: RowCounts, restored: RowCounts): Finding {
  const different = Object.keys({ ...source, ...restored }).filter((table) => source[table] !== restored[table]);
  const rows = Object.values(restored).reduce((sum, count) => sum + count, 0);
  return different.length === 0
    ? ok('rows', `${rows} rows in ${Object.keys(restored).length} tables, as in the original.`)
    : problem(
        'rows',
        `Not as in the original: ${different.map((table) => `${table} (${restored[table] ?? 'missing'}, was ${source[table] ?? 'missing'})`).join(', ')}.`,
      );
}
