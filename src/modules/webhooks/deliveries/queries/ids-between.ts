import { firstIdAt } from '../../../../platform/ids/id';

/** Ids carry the time of the process that made them, and rows that of the database; a request may last a while between the two. */
const SLACK_MS = 120_000;

/** Bounds of the ids of rows from after to before: which part of an index is worth reading. The exact times decide in the end. */
export function idsBetween(prefix: string, after: Date | undefined, before: Date | undefined): readonly [string | null, string | null] {
  return [
    after === undefined ? null : firstIdAt(prefix, new Date(after.getTime() - SLACK_MS)),
    before === undefined ? null : firstIdAt(prefix, new Date(before.getTime() + SLACK_MS)),
  ];
}
