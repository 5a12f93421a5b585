import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../../platform/crypto/cipher';
import { columnContext } from '../../../../platform/crypto/encrypted-column';
import { Sql } from '../../../../platform/database/sql';
import { EntityNotFound } from '../../../../platform/errors/domain-error';
import { IDENTIFIER } from '../../../../platform/ids/reference';
import { refuseIfHeld } from '../../../../platform/retention/legal-hold';
import { detailsFromBytes, detailsToBytes, type StoredDetails } from '../stored-details';

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

const FIND = {
  name: 'attempt.expunge.find',
  text: 'SELECT details FROM attempt WHERE organization_id = $1 AND message_id = $2 AND id = $3 FOR UPDATE',
};
const EXPUNGE = { name: 'attempt.expunge', text: 'UPDATE attempt SET response = $2, details = $3 WHERE id = $1' };

@CommandHandler(ExpungeAttempt)
export class ExpungeAttemptHandler implements ICommandHandler<ExpungeAttempt> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute({ organizationId, messageId, attemptId }: ExpungeAttempt): Promise<void> {
    if (!IDENTIFIER.test(attemptId)) throw new EntityNotFound();
    await refuseIfHeld(this.sql, organizationId);
    const contextOf = (column: string) => columnContext('attempt', column, attemptId);
    await this.sql.transaction(async (run) => {
      const [row] = await run<{ details: Buffer | null }>(FIND, [organizationId, messageId, attemptId]);
      if (!row) throw new EntityNotFound();
      const { url }: StoredDetails = row.details ? detailsFromBytes(await this.cipher.open(contextOf('details'), row.details)) : {};
      await run(EXPUNGE, [
        attemptId,
        await this.cipher.seal(organizationId, contextOf('response'), EXPUNGED),
        url === undefined ? null : await this.cipher.seal(organizationId, contextOf('details'), detailsToBytes({ url })),
      ]);
    });
  }
}
