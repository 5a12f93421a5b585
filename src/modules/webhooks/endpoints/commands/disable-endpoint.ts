import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { retryOnConflict } from '../../../../platform/errors/retry-on-conflict';
import { Clock } from '../../../../platform/time/clock';
import { EndpointRepository } from '../domain/endpoint.repository';
import { EndpointMetrics } from '../endpoint-metrics';
import type { DisableReason } from '../endpoints.events';

/** For what its receiver does. Repeats, and endpoints that are gone, are no error. */
export class DisableEndpoint extends Command<void> {
  constructor(
    readonly organizationId: string,
    readonly applicationId: string,
    readonly endpointId: string,
    readonly reason: DisableReason,
    /** When every attempt has failed since then. */
    readonly failingSince: Date | null = null,
  ) {
    super();
  }
}

@CommandHandler(DisableEndpoint)
export class DisableEndpointHandler implements ICommandHandler<DisableEndpoint> {
  constructor(
    private readonly endpoints: EndpointRepository,
    private readonly clock: Clock,
    private readonly metrics: EndpointMetrics,
  ) {}

  execute({ organizationId, applicationId, endpointId, reason, failingSince }: DisableEndpoint): Promise<void> {
    return retryOnConflict(async () => {
      const endpoint = await this.endpoints.find(organizationId, applicationId, endpointId);
      if (!endpoint || endpoint.disabled) return;
      endpoint.disable(reason, this.clock.now(), failingSince);
      await this.endpoints.save(endpoint);
      this.metrics.disabled(reason);
    });
  }
}
