import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { flawOfUrl } from '../../../../platform/destinations/destinations';
import { InvalidField } from '../../../../platform/errors/domain-error';
import { AddressGuard } from '../../../../platform/outbound/address-guard';
import { type ApplicationRef, OPERATIONAL } from '../../applications';
import { FindUnavailableEventTypes } from '../../event-types';

type Owner = { readonly organizationId: string; readonly application: ApplicationRef };
type Checked = { readonly url?: string | undefined; readonly eventTypes?: readonly string[] | null | undefined };

/** Rules about settings that need to know more than the settings: addresses that are off limits, event types that exist. */
@Injectable()
export class EndpointSettingsCheck {
  constructor(
    private readonly queries: QueryBus,
    private readonly guard: AddressGuard,
  ) {}

  /** @param featureFlags of a caller for whom some event types do not exist @throws InvalidField */
  async check({ organizationId, application }: Owner, { url, eventTypes }: Checked, featureFlags: readonly string[] | null): Promise<void> {
    const problem = url === undefined ? null : flawOfUrl(url, this.guard);
    if (problem) throw new InvalidField(['body', 'url'], problem);
    // What an organization is told of are no types of its own.
    if (!eventTypes || application === OPERATIONAL) return;
    const missing = await this.queries.execute(new FindUnavailableEventTypes(organizationId, eventTypes, featureFlags));
    if (missing.length === 0) return;
    throw new InvalidField(['body', 'eventTypes'], `These event types do not exist or are archived: ${missing.slice(0, 10).join(', ')}.`);
  }
}
