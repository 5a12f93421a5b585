import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../platform/time/clock';
import { OrganizationRepository } from '../domain/organization.repository';

/** `waitMs` until the days of grace are over. */
export type Erasure = { readonly waitMs: number };

/**
 * Erases an organization that is closed, with its members and invitations, once its days of grace are over. Its event has
 * the data keys shredded, and every module delete what it holds. Null when there is nothing to wait for.
 */
export class EraseOrganization extends Command<Erasure | null> {
  constructor(readonly organizationId: string) {
    super();
  }
}

@CommandHandler(EraseOrganization)
export class EraseOrganizationHandler implements ICommandHandler<EraseOrganization> {
  constructor(
    private readonly organizations: OrganizationRepository,
    private readonly clock: Clock,
  ) {}

  async execute({ organizationId }: EraseOrganization): Promise<Erasure | null> {
    const organization = await this.organizations.find(organizationId);
    if (!organization?.eraseAt) return null; // Erased by a repeat of this task, or restored.
    const waitMs = organization.eraseAt.getTime() - this.clock.now().getTime();
    if (waitMs > 0) return { waitMs };
    organization.erase();
    await this.organizations.remove(organization);
    return null;
  }
}
