import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { auditEntryId } from '../domain/audit-entry';
import { AuditLog } from '../domain/audit-log';

export type AuditedFact = {
  readonly eventId: string;
  readonly organizationId: string | null;
  readonly actor: string;
  readonly action: string;
  readonly object: string;
  readonly occurredAt: Date;
};

export class RecordAuditEntry extends Command<void> {
  constructor(readonly fact: AuditedFact) {
    super();
  }
}

@CommandHandler(RecordAuditEntry)
export class RecordAuditEntryHandler implements ICommandHandler<RecordAuditEntry> {
  constructor(private readonly log: AuditLog) {}

  async execute({ fact: { eventId, ...entry } }: RecordAuditEntry): Promise<void> {
    await this.log.append({ id: auditEntryId(eventId), ...entry });
  }
}
