import { randomUUID } from 'node:crypto';
import { type ClaimedTask, LeaseLost, type NewTask, type SavedStep, TaskStore } from '../domain/task-store';

const LEASE_MS = 15_000;

type Row = NewTask & {
  status: 'running' | 'finished' | 'failed' | 'canceled';
  cursor: unknown;
  progress: SavedStep['progress'];
  result: unknown;
  reason: string | null;
  attempt: number;
  lease: string | null;
  leaseUntil: number;
  dueAt: number;
};

/** Tasks in a map, on a clock that only `pass` moves. */
export class InMemoryTaskStore extends TaskStore {
  readonly rows = new Map<string, Row>();
  private now = 0;

  pass(ms: number): void {
    this.now += ms;
  }

  override async start(task: NewTask) {
    const running = [...this.rows.values()].find(
      ({ uniqueKey, status }) => uniqueKey !== null && uniqueKey === task.uniqueKey && status === 'running',
    );
    if (running) return { id: running.id, started: false };
    this.rows.set(task.id, {
      ...task,
      status: 'running',
      cursor: null,
      progress: null,
      result: null,
      reason: null,
      attempt: 0,
      lease: null,
      leaseUntil: 0,
      dueAt: this.now,
    });
    return { id: task.id, started: true };
  }

  override async cancel(id: string): Promise<boolean> {
    const row = this.rows.get(id);
    if (row?.status !== 'running') return false;
    Object.assign(row, { status: 'canceled', lease: null });
    return true;
  }

  override async forget(userId: string): Promise<void> {
    for (const row of this.rows.values()) if (row.userId === userId && row.organizationId === null) this.rows.delete(row.id);
  }

  override async claim(types: readonly string[], limit: number): Promise<ClaimedTask[]> {
    return [...this.rows.values()]
      .filter((row) => row.status === 'running' && row.dueAt <= this.now && types.includes(row.type))
      .filter(({ lease, leaseUntil }) => lease === null || leaseUntil < this.now)
      .sort((a, b) => a.dueAt - b.dueAt)
      .slice(0, limit)
      .map((row) => {
        const { id, type, organizationId, userId, input, cursor, attempt } = row;
        const lease = randomUUID();
        Object.assign(row, { lease, leaseUntil: this.now + LEASE_MS, attempt: attempt + 1 });
        return { id, type, organizationId, userId, input, cursor, attempt: attempt + 1, lease };
      });
  }

  override async save(task: ClaimedTask, { cursor, progress, next }: SavedStep): Promise<void> {
    const row = this.leased(task);
    if (!row) throw new LeaseLost();
    Object.assign(row, { cursor, progress: progress ?? row.progress });
    if (next.kind === 'go_on') Object.assign(row, { attempt: 1, leaseUntil: this.now + LEASE_MS });
    else Object.assign(row, { attempt: 0, lease: null, dueAt: this.now + (next.kind === 'again' ? next.inMs : 0) });
    if (next.kind === 'finish') Object.assign(row, { status: 'finished', result: next.result });
  }

  override async release(task: ClaimedTask): Promise<void> {
    const row = this.leased(task);
    if (row) Object.assign(row, { attempt: 0, lease: null, dueAt: this.now });
  }

  override async fail(task: ClaimedTask, { reason, inMs }: Parameters<TaskStore['fail']>[1]): Promise<void> {
    const row = this.leased(task);
    if (!row) return;
    Object.assign(row, { lease: null, dueAt: this.now + (inMs ?? 0) });
    if (inMs === null) Object.assign(row, { status: 'failed', reason });
  }

  private leased({ id, lease }: ClaimedTask): Row | undefined {
    const row = this.rows.get(id);
    return row?.lease === lease ? row : undefined;
  }
}
