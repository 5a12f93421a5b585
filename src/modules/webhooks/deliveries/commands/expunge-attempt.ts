import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../../platform/crypto/cipher';
import { columnContext } from '../../../../platform/crypto/encrypted-column';
import { Sql } from '../../../../platform/database/sql';
import { EntityNotFound } from '../../../../platform/errors/domain-error';
import { IDENTIFIER } from '../../../../platform/ids/reference';
import { refuseIfHeld } from '../../../../platform/retention/legal-hold';

/** Deletes for good what a receiver answered, and the headers of both sides. @throws EntityNotFound, UnderLegalHold */
export class ExpungeAttempt extends Command<void> {
  constructor(
    readonly organizationId: string,
    readonly messageId: string,
    readonly attemptId: string,
  ) {
    super();
  }
}

/** What the client libraries expect in place of it. */
const EXPUNGED = Buffer.from('EXPUNGED');

const STATEMENT = {
  name: 'attempt.expunge',
  text: `UPDATE attempt SET response = $4, details = NULL WHERE organization_id = $1 AND message_id = $2 AND id = $3 RETURNING id`,
};

@CommandHandler(ExpungeAttempt)
export class ExpungeAttemptHandler implements ICommandHandler<ExpungeAttempt> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute({ organizationId, messageId, attemptId }: ExpungeAttempt): Promise<void> {
    if (!IDENTIFIER.test(attemptId)) throw new EntityNotFound();
    await refuseIfHeld(this.sql, organizationId);
    const sealed = await this.cipher.seal(organizationId, columnContext('attempt', 'response', attemptId), EXPUNGED);
    const rows = await this.sql.run(STATEMENT, [organizationId, messageId, attemptId, sealed]);
    if (rows.length === 0) throw new EntityNotFound();
  }
}
