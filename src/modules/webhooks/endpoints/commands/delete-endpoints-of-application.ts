import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../platform/time/clock';
import { EndpointRepository } from '../domain/endpoint.repository';

/** Each in a transaction of its own: a repeat goes on with those that are left. */
export class DeleteEndpointsOfApplication extends Command<void> {
  constructor(
    readonly organizationId: string,
    readonly applicationId: string,
  ) {
    super();
  }
}

@CommandHandler(DeleteEndpointsOfApplication)
export class DeleteEndpointsOfApplicationHandler implements ICommandHandler<DeleteEndpointsOfApplication> {
  constructor(
    private readonly endpoints: EndpointRepository,
    private readonly clock: Clock,
  ) {}

  async execute({ organizationId, applicationId }: DeleteEndpointsOfApplication): Promise<void> {
    for (const endpoint of await this.endpoints.findAll(organizationId, applicationId)) {
      endpoint.delete(this.clock.now());
      await this.endpoints.save(endpoint);
    }
  }
}
