import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { ListOrganizationsOfUser, type OrganizationOfUserView } from '../../organizations';
import { GetUser, type UserView } from '../../users';

export type ProfileView = UserView & { readonly organizations: readonly OrganizationOfUserView[] };

/** Everything that a signed-in person sees of themselves; the one place that knows both users and organizations. */
export class GetProfile extends Query<ProfileView> {
  constructor(readonly userId: string) {
    super();
  }
}

@QueryHandler(GetProfile)
export class GetProfileHandler implements IQueryHandler<GetProfile> {
  constructor(private readonly queries: QueryBus) {}

  async execute({ userId }: GetProfile): Promise<ProfileView> {
    const [user, organizations] = await Promise.all([
      this.queries.execute(new GetUser(userId)),
      this.queries.execute(new ListOrganizationsOfUser(userId)),
    ]);
    return { ...user, organizations };
  }
}
