import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { LookupHash } from '../../../platform/crypto/lookup-hash';
import { Sql } from '../../../platform/database/sql';
import { emailHash } from '../users.schemas';

/** The account of an address, or null. Not for answers to callers: whether an address has an account is its owner's business. */
export class FindUserByEmail extends Query<{ readonly id: string } | null> {
  constructor(readonly email: string) {
    super();
  }
}

@QueryHandler(FindUserByEmail)
export class FindUserByEmailHandler implements IQueryHandler<FindUserByEmail> {
  constructor(
    private readonly sql: Sql,
    private readonly lookup: LookupHash,
  ) {}

  async execute({ email }: FindUserByEmail): Promise<{ readonly id: string } | null> {
    const [row] = await this.sql.run<{ id: string }>('SELECT id FROM user_account WHERE email_hash = $1', [emailHash(this.lookup, email)]);
    return row ?? null;
  }
}
