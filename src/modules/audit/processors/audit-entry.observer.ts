import { CommandBus } from '@nestjs/cqrs';
import { EventObserver, Observer } from '../../../platform/outbox/observer';
import type { ObservedEvent } from '../../../platform/outbox/observer-jobs';
import { AUDITED_EVENTS } from '../audited-events';
import { RecordAuditEntry } from '../commands/record-audit-entry';

@Observer('audit.entry', ...AUDITED_EVENTS.map(({ event }) => event))
export class AuditEntryObserver extends EventObserver {
  constructor(private readonly commands: CommandBus) {
    super();
  }

  protected override async observe({ id, type, payload, organizationId, occurredAt }: ObservedEvent): Promise<void> {
    const audited = AUDITED_EVENTS.find(({ event }) => event.type === type);
    if (!audited) throw new Error(`${type} is not audited.`);
    await this.commands.execute(
      new RecordAuditEntry({ eventId: id, action: type, organizationId, occurredAt, ...audited.subjectOf(payload) }),
    );
  }
}
