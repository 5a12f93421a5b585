import type { AuditEntry } from './audit-entry';

/** Port: append-only. */
export abstract class AuditLog {
  /** Writes the entry, unless one with its id is there. */
  abstract append(entry: AuditEntry): Promise<void>;
}
