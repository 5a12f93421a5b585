/** A task to be started. `input` holds ids only. */
export type NewTask = {
  readonly id: string;
  readonly type: string;
  readonly organizationId: string | null;
  readonly userId: string | null;
  readonly input: unknown;
  /** No second task with this key while one runs. */
  readonly uniqueKey: string | null;
};

export type ClaimedTask = {
  readonly id: string;
  readonly type: string;
  readonly organizationId: string | null;
  readonly userId: string | null;
  readonly input: unknown;
  readonly cursor: unknown;
  /** Tries of the next step, this claim included. */
  readonly attempt: number;
  /** Fencing token: who lost it changes nothing any more. */
  readonly lease: string;
};

export type SavedStep = {
  readonly cursor: unknown;
  readonly progress: { readonly done: number; readonly total: number } | null;
  /** `go_on` keeps the lease, and makes it last again; the others give it back. */
  readonly next:
    | { readonly kind: 'go_on' }
    | { readonly kind: 'again'; readonly inMs: number }
    | { readonly kind: 'finish'; readonly result: unknown };
};

/** The task was canceled, or another worker has it. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** Port: the tasks. Any number of workers use it at once; all times are those of the database. */
export abstract class TaskStore {
  /** Joins the transaction of the caller. @returns the running task instead when there is one with this unique key */
  abstract start(task: NewTask): Promise<{ readonly id: string; readonly started: boolean }>;
  /** False when the task is over already, or unknown. */
  abstract cancel(id: string): Promise<boolean>;
  /** Deletes what a person started for themselves. Joins the transaction of the caller. */
  abstract forget(userId: string): Promise<void>;
  /** Leases due tasks of these types, those that waited longest first. */
  abstract claim(types: readonly string[], limit: number): Promise<ClaimedTask[]>;
  /** Joins the transaction of the step. @throws LeaseLost */
  abstract save(task: ClaimedTask, step: SavedStep): Promise<void>;
  /** Gives an unfinished task back to whoever is next. */
  abstract release(task: ClaimedTask): Promise<void>;
  /** Puts the task back, to be tried again after `inMs`; null says that it has failed for good. */
  abstract fail(
    task: ClaimedTask,
    failure: { readonly error: string; readonly reason: string; readonly inMs: number | null },
  ): Promise<void>;
}
