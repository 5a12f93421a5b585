import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { CONFIG, type Config } from '../../../config/env';
import { HasOpenInvitation } from '../../organizations';
import { HasUsers } from '../../users';

/**
 * Whether the owner of an address may get an account. Whoever installs Posthorn may, whatever `REGISTRATION` says: until somebody
 * has, there is nobody to invite them.
 */
export class MayRegister extends Query<'welcome' | 'not_invited' | 'closed'> {
  constructor(readonly email: string) {
    super();
  }
}

@QueryHandler(MayRegister)
export class MayRegisterHandler implements IQueryHandler<MayRegister> {
  constructor(
    private readonly queries: QueryBus,
    @Inject(CONFIG) private readonly config: Pick<Config, 'registration'>,
  ) {}

  async execute({ email }: MayRegister): Promise<'welcome' | 'not_invited' | 'closed'> {
    if (this.config.registration === 'open' || !(await this.queries.execute(new HasUsers()))) return 'welcome';
    if (this.config.registration === 'closed') return 'closed';
    return (await this.queries.execute(new HasOpenInvitation(email))) ? 'welcome' : 'not_invited';
  }
}
