import { Injectable, type OnModuleInit } from '@nestjs/common';
import { callContext } from '../../../platform/context/call-context';
import { Outbox, type StampedEvent } from '../../../platform/outbox/outbox';
import { Clock } from '../../../platform/time/clock';
import { auditEntryId } from '../domain/audit-entry';
import { AuditLog } from '../domain/audit-log';

/** Writes each event that is audited in the transaction of its change: what is done is logged, what is not logged is not done. */
@Injectable()
export class AuditTrail implements OnModuleInit {
  constructor(
    private readonly outbox: Outbox,
    private readonly log: AuditLog,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.outbox.join((events, organizationId) => this.write(events, organizationId));
  }

  private async write(events: readonly StampedEvent[], organizationId: string | null): Promise<void> {
    const { actor } = callContext();
    for (const { id, type, payload, definition } of events) {
      if (!definition.audit) continue;
      await this.log.append({
        id: auditEntryId(id),
        organizationId,
        actor: actor.id ?? actor.kind,
        action: type,
        object: definition.audit.audits(payload),
        occurredAt: this.clock.now(),
      });
    }
  }
}
