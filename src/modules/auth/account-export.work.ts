import { QueryBus } from '@nestjs/cqrs';
import { type StepResult, type Task, TaskSteps, TaskWork } from '../tasks';
import { GetProfile } from './queries/get-profile';
import { ListSessions } from './queries/list-sessions';

const SESSIONS = 250;

/** All that is known of a person, for that person. */
@TaskSteps('user.export')
export class AccountExport extends TaskWork<{ readonly userId: string }, null> {
  constructor(private readonly queries: QueryBus) {
    super();
  }

  override async step({ input: { userId } }: Task<{ readonly userId: string }, null>): Promise<StepResult<null>> {
    const { organizations, ...profile } = await this.queries.execute(new GetProfile(userId));
    const { data } = await this.queries.execute(new ListSessions(userId, null, { limit: SESSIONS, iterator: null, order: 'descending' }));
    const sessions = data.map(({ id, userAgent, address, createdAt, refreshedAt, expiresAt }) => {
      return { id, userAgent, address, createdAt, refreshedAt, expiresAt };
    });
    return { cursor: null, done: true, result: { profile, organizations, sessions } };
  }
}
