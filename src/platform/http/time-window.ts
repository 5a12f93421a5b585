import { AFTER_ALL_IDS, BEFORE_ALL_IDS, firstIdAt, timeOfId } from '../ids/id';
import type { PageRequest } from './list-page';

export type TimeFilter = { readonly before?: Date | undefined; readonly after?: Date | undefined };

/** The ids that a list looks at; it leaves out both ends. */
export type IdWindow = { readonly from: string; readonly to: string };

const WINDOW_DAYS = 90;
const DAY_MS = 86_400_000;
/** Ids hold six bytes of milliseconds. */
const LATEST_MS = 2 ** 48 - 1;

/**
 * Lists of what happened show 90 days at most, counted from `before`, from the iterator, or from now, unless `after` says
 * how far back to go. As ids, because those are what the index and the partitions are sorted by. Callers know times to the
 * millisecond, so what is later than `after` begins one after. @param slackMs how far the time of a row may be from that of its id
 */
export function idWindow(
  prefix: string,
  { iterator, order }: PageRequest,
  { before, after }: TimeFilter,
  now: Date,
  slackMs = 0,
): IdWindow {
  const cursor = iterator === null ? null : timeOfId(iterator);
  const upwards = (order === 'ascending') !== (iterator?.startsWith('-') ?? false);
  const anchor = cursor ?? before ?? now;
  const from = (after && shifted(after, 1)) ?? (upwards && cursor === null ? null : new Date(anchor.getTime() - WINDOW_DAYS * DAY_MS));
  const to = before ?? (upwards && cursor !== null && !after ? new Date(cursor.getTime() + WINDOW_DAYS * DAY_MS) : null);
  return {
    from: from ? firstIdAt(prefix, shifted(from, -slackMs)) : BEFORE_ALL_IDS,
    to: to ? firstIdAt(prefix, shifted(to, slackMs)) : AFTER_ALL_IDS,
  };
}

function shifted(time: Date, ms: number): Date {
  return new Date(Math.min(time.getTime() + ms, LATEST_MS));
}
