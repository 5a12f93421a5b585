import type { Cipher } from '../../../platform/crypto/cipher';
import { columnContext } from '../../../platform/crypto/encrypted-column';

/** Whose tasks somebody may see: those of an organization, those of a person, or those of the installation. */
export type TaskOwner = { readonly organizationId: string } | { readonly userId: string } | 'system';

export type TaskView = {
  readonly id: string;
  /** Its type, `user.export`. */
  readonly task: string;
  readonly status: 'running' | 'finished' | 'failed' | 'canceled';
  readonly progress: { readonly done: number; readonly total: number } | null;
  /** Why it failed: a stable code. */
  readonly reason: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly finishedAt: Date | null;
  /** Null as long as there is none. */
  readonly result: unknown;
};

export type TaskRow = {
  id: string;
  type: string;
  status: TaskView['status'];
  done: string | null;
  total: string | null;
  reason: string | null;
  created_at: Date;
  updated_at: Date;
  finished_at: Date | null;
  result: Buffer | null;
};

export const TASK_COLUMNS = 'id, type, status, done, total, reason, created_at, updated_at, finished_at, result';

export async function taskView(cipher: Cipher, { id, type, status, done, total, reason, result, ...times }: TaskRow): Promise<TaskView> {
  return {
    id,
    task: type,
    status,
    progress: done === null ? null : { done: Number(done), total: Number(total) },
    reason,
    createdAt: times.created_at,
    updatedAt: times.updated_at,
    finishedAt: times.finished_at,
    result: result && (await cipher.openJson<unknown>(columnContext('task', 'result', id), result)),
  };
}
