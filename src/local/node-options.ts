/**
 * How Node is started for a process of Posthorn, by its entry. The API has twice the usual space for new objects: a request makes
 * many that die with it, and collecting them costs a seventh of its CPU less that way, for some 50 MB. A worker would then need
 * more than 300 MB.
 */
export function nodeOptionsOf(entry: string): string[] {
  return ['--enable-source-maps', ...(entry === 'main' ? ['--max-semi-space-size=32'] : [])];
}
