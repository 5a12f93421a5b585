import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { EntityNotFound, InvalidField } from '../../../../platform/errors/domain-error';
import { retryOnConflict } from '../../../../platform/errors/retry-on-conflict';
import { newId } from '../../../../platform/ids/id';
import { IDENTIFIER, isIdOf } from '../../../../platform/ids/reference';
import { Clock } from '../../../../platform/time/clock';
import { ResolveApplication } from '../../applications';
import { Endpoint, EndpointRules, type EndpointSettings } from '../domain/endpoint';
import { ENDPOINT_ID, EndpointRepository } from '../domain/endpoint.repository';
import { addNew, newSecret } from './create-endpoint';
import type { EndpointPath } from './endpoint-editor';
import { EndpointSettingsCheck } from './endpoint-settings-check';

/** Replaces the settings of an endpoint, or creates it. A uid that is not given is the one of the path; secret and headers stay. */
export class PutEndpoint extends Command<{ id: string; created: boolean }> {
  constructor(
    readonly path: EndpointPath,
    readonly settings: Omit<EndpointSettings, 'uid'> & { readonly uid?: string | null | undefined },
    /** Of a caller for whom event types behind other flags do not exist. */
    readonly featureFlags: readonly string[] | null = null,
  ) {
    super();
  }
}

@CommandHandler(PutEndpoint)
export class PutEndpointHandler implements ICommandHandler<PutEndpoint> {
  constructor(
    private readonly queries: QueryBus,
    private readonly settingsCheck: EndpointSettingsCheck,
    private readonly endpoints: EndpointRepository,
    private readonly rules: EndpointRules,
    private readonly clock: Clock,
  ) {}

  async execute({ path, settings, featureFlags }: PutEndpoint): Promise<{ id: string; created: boolean }> {
    const { organizationId, application, endpoint: idOrUid } = path;
    const { id: applicationId } = await this.queries.execute(new ResolveApplication(organizationId, application));
    await this.settingsCheck.check(path, settings, featureFlags);
    const byId = isIdOf(ENDPOINT_ID, idOrUid);
    const complete = { ...settings, uid: settings.uid === undefined && !byId ? idOrUid : (settings.uid ?? null) };
    return retryOnConflict(() => this.put({ organizationId, applicationId }, idOrUid, complete));
  }

  private async put(
    owner: { organizationId: string; applicationId: string },
    idOrUid: string,
    settings: EndpointSettings,
  ): Promise<{ id: string; created: boolean }> {
    const existing = await this.endpoints.find(owner.organizationId, owner.applicationId, idOrUid);
    if (existing) {
      existing.change(settings, this.clock.now(), this.rules);
      await this.endpoints.save(existing);
      return { id: existing.id, created: false };
    }
    if (isIdOf(ENDPOINT_ID, idOrUid)) throw new EntityNotFound(); // Ids are ours to give.
    if (!IDENTIFIER.test(idOrUid)) throw new InvalidField(['path', 'endpoint_id'], 'This cannot be the uid of a new endpoint.');
    const endpoint = Endpoint.create(newId(ENDPOINT_ID), owner, settings, { key: newSecret(), headers: {} }, this.clock.now(), this.rules);
    await addNew(endpoint, this.endpoints);
    return { id: endpoint.id, created: true };
  }
}
