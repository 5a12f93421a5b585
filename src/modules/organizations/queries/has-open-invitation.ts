import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { Sql } from '../../../platform/database/sql';
import { Clock } from '../../../platform/time/clock';
import { normalizeEmail } from '../../users';
import { invitedEmailHash } from '../invitation-secrets';

/** Whether any organization expects the owner of this address. */
export class HasOpenInvitation extends Query<boolean> {
  constructor(readonly email: string) {
    super();
  }
}

@QueryHandler(HasOpenInvitation)
export class HasOpenInvitationHandler implements IQueryHandler<HasOpenInvitation> {
  constructor(
    private readonly sql: Sql,
    private readonly lookup: LookupHash,
    private readonly clock: Clock,
  ) {}

  async execute({ email }: HasOpenInvitation): Promise<boolean> {
    const rows = await this.sql.run(
      `SELECT 1
         FROM invitation i JOIN organization o ON o.id = i.organization_id
        WHERE i.email_hash = $1 AND i.expires_at > $2 AND o.deleted_at IS NULL
        LIMIT 1`,
      [invitedEmailHash(this.lookup, normalizeEmail(email)), this.clock.now()],
    );
    return rows.length === 1;
  }
}
