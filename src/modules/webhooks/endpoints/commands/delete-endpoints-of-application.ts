import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../platform/time/clock';
import { EndpointRepository } from '../domain/endpoint.repository';

/** Some at a time, each time in a transaction: a repeat goes on with those that are left. */
export class DeleteEndpointsOfApplication extends Command<void> {
  constructor(
    readonly organizationId: string,
    readonly applicationId: string,
  ) {
    super();
  }
}

const AT_ONCE = 500;

@CommandHandler(DeleteEndpointsOfApplication)
export class DeleteEndpointsOfApplicationHandler implements ICommandHandler<DeleteEndpointsOfApplication> {
  constructor(
    private readonly endpoints: EndpointRepository,
    private readonly clock: Clock,
  ) {}

  async execute({ organizationId, applicationId }: DeleteEndpointsOfApplication): Promise<void> {
    let deleted = AT_ONCE;
    while (deleted === AT_ONCE) deleted = await this.endpoints.deleteSome(organizationId, applicationId, this.clock.now(), AT_ONCE);
  }
}
