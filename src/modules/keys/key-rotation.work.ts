import { CURRENT_KEY_MS } from '../../platform/crypto/cipher';
import { KeyRotation } from '../../platform/crypto/key-rotation';
import { type StepResult, type Task, TaskSteps, TaskWork } from '../tasks';

export const ROTATE_KEYS = 'keys.rotate';

const SCOPES_PER_STEP = 200;
/** Short, so that a worker that dies or drains loses little, and rows are held for moments. */
const STEP_MS = 250;
const PAUSE_MS = 1_000;
/** What was sealed with a retired key in the last moment of a process's memory may still be on its way to its commit. */
const SETTLE_MS = CURRENT_KEY_MS + 20_000;

type Cursor = {
  readonly phase: 'replace' | 'reseal' | 'delete';
  /** Keys of this id and older are those to be replaced. */
  readonly upTo: number;
  /** The row that was reached in the encrypted tables; null for the end of a table, of which '' is before the first. */
  readonly table: string;
  readonly after: string | null;
  /** Rows that were found sealed with a retired key in this pass: another one is due. */
  readonly stale: number;
  readonly progress: { readonly done: number; readonly total: number };
  readonly replaced: number;
};

/**
 * 1. Wraps all data keys under the first key of the ring. 2. Gives every scope a new data key. 3. Waits until every process
 * seals with it. 4. Goes through all encrypted tables and seals anew what a retired key sealed, in passes, until one finds
 * nothing. 5. Deletes the retired keys. Traffic goes on meanwhile; a step that is repeated does no harm.
 */
@TaskSteps(ROTATE_KEYS)
export class KeyRotationWork extends TaskWork<object, Cursor> {
  constructor(private readonly rotation: KeyRotation) {
    super();
  }

  override step({ cursor }: Task<object, Cursor>): Promise<StepResult<Cursor>> {
    if (!cursor) return this.begin();
    switch (cursor.phase) {
      case 'replace':
        return this.replace(cursor);
      case 'reseal':
        return this.reseal(cursor);
      case 'delete':
        return this.delete(cursor);
    }
  }

  private async begin(): Promise<StepResult<Cursor>> {
    await this.rotation.rewrap();
    const upTo = await this.rotation.newestKeyId();
    // At least two passes: one that changes, one that finds nothing.
    const progress = { done: 0, total: 2 * (await this.rotation.estimatedRows()) };
    return going({ ...START, phase: 'replace', upTo, progress, replaced: 0 });
  }

  private async replace(cursor: Cursor): Promise<StepResult<Cursor>> {
    const replaced = await this.rotation.replace(cursor.upTo, SCOPES_PER_STEP);
    if (replaced === 0) return { ...going({ ...cursor, phase: 'reseal' }), againInMs: SETTLE_MS };
    return going({ ...cursor, replaced: cursor.replaced + replaced });
  }

  private async reseal(cursor: Cursor): Promise<StepResult<Cursor>> {
    const until = performance.now() + STEP_MS;
    const retired = await this.rotation.retired(cursor.upTo);
    let reached = cursor;
    while (performance.now() < until) {
      const { table, after } = reached;
      // By name: when a newer release goes on here, its tables may be others.
      const next = this.rotation.tables.find((each) => (after === null ? each.table > table : each.table >= table));
      if (!next) return afterPass(reached);
      const from = next.table === table ? (after ?? '') : '';
      const { last, seen, stale } = await this.rotation.reseal(next, from, retired);
      const done = reached.progress.done + seen;
      reached = {
        ...reached,
        table: next.table,
        after: last,
        stale: reached.stale + stale,
        progress: { done, total: Math.max(done, reached.progress.total) },
      };
    }
    return going(reached);
  }

  private async delete(cursor: Cursor): Promise<StepResult<Cursor>> {
    const deleted = await this.rotation.deleteRetired(cursor.upTo);
    // Once more: a process with an older ring may have made keys meanwhile.
    await this.rotation.rewrap();
    const { done } = cursor.progress;
    return { cursor, done: true, progress: { done, total: done }, result: { replaced: cursor.replaced, deleted } };
  }
}

/** A pause before the next pass: what was skipped is held by somebody. */
function afterPass(cursor: Cursor): StepResult<Cursor> {
  if (cursor.stale === 0) return going({ ...cursor, ...START, phase: 'delete' });
  return { ...going({ ...cursor, ...START }), againInMs: PAUSE_MS };
}

const START = { table: '', after: null, stale: 0 } as const;

function going(cursor: Cursor): StepResult<Cursor> {
  return { cursor, done: false, progress: cursor.progress };
}
