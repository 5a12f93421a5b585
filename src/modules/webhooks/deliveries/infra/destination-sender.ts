import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '../../../../config/env';
import type { AttemptOutcome, AttemptRequest } from '../../../../platform/destinations/attempt-outcome';
import { Destinations } from '../../../../platform/destinations/destinations';
import { AddressGuard } from '../../../../platform/outbound/address-guard';
import { resolveHost } from '../../../../platform/outbound/resolve-host';
import { Clock } from '../../../../platform/time/clock';
import { WebhookSender } from '../domain/webhook-sender';

@Injectable()
export class DestinationSender extends WebhookSender implements OnApplicationShutdown {
  private readonly destinations: Destinations;

  constructor(@Inject(CONFIG) { delivery }: Config, guard: AddressGuard, clock: Clock) {
    super();
    this.destinations = new Destinations({ guard, clock, maxInFlight: delivery.maxInFlight, resolve: resolveHost });
  }

  override send(request: AttemptRequest, signal: AbortSignal): Promise<AttemptOutcome> {
    return this.destinations.send(request, signal);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.destinations.close();
  }
}
