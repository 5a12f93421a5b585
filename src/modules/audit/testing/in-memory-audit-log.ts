import type { AuditEntry } from '../domain/audit-entry';
import { AuditLog } from '../domain/audit-log';

export class InMemoryAuditLog extends AuditLog {
  private readonly byId = new Map<string, AuditEntry>();

  get entries(): readonly AuditEntry[] {
    return [...this.byId.values()];
  }

  override async append(entry: AuditEntry): Promise<void> {
    if (!this.byId.has(entry.id)) this.byId.set(entry.id, entry);
  }
}
