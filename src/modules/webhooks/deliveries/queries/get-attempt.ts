import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../../platform/crypto/cipher';
import { Sql } from '../../../../platform/database/sql';
import { EntityNotFound } from '../../../../platform/errors/domain-error';
import { IDENTIFIER } from '../../../../platform/ids/reference';
import { ATTEMPT_COLUMNS, type AttemptRow, attemptView, type AttemptView } from './attempt-row';

/** @throws EntityNotFound */
export class GetAttempt extends Query<AttemptView> {
  constructor(
    readonly organizationId: string,
    readonly messageId: string,
    readonly attemptId: string,
  ) {
    super();
  }
}

const STATEMENT = {
  name: 'attempt.get',
  text: `SELECT ${ATTEMPT_COLUMNS} FROM attempt WHERE id = $3 AND message_id = $2 AND organization_id = $1`,
};

@QueryHandler(GetAttempt)
export class GetAttemptHandler implements IQueryHandler<GetAttempt> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute({ organizationId, messageId, attemptId }: GetAttempt): Promise<AttemptView> {
    const [row] = IDENTIFIER.test(attemptId) ? await this.sql.run<AttemptRow>(STATEMENT, [organizationId, messageId, attemptId]) : [];
    if (!row) throw new EntityNotFound();
    return attemptView(this.cipher, row, true);
  }
}
