import { randomBytes } from 'node:crypto';
import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { sharedSecret } from '../../../../platform/crypto/webhook-key';
import { InvalidField } from '../../../../platform/errors/domain-error';
import { newId } from '../../../../platform/ids/id';
import { Clock } from '../../../../platform/time/clock';
import { type ApplicationRef, ResolveApplication } from '../../applications';
import { Endpoint, EndpointRules, type EndpointSettings } from '../domain/endpoint';
import type { EndpointHeaders } from '../domain/endpoint-headers';
import { checkSecret } from '../domain/endpoint-secret';
import { ENDPOINT_ID, EndpointRepository } from '../domain/endpoint.repository';
import { EndpointSettingsCheck } from './endpoint-settings-check';

export class CreateEndpoint extends Command<{ id: string; created: true }> {
  constructor(
    readonly organizationId: string,
    readonly application: ApplicationRef,
    readonly settings: EndpointSettings,
    /** Without a secret one is made. */
    readonly extras: { readonly secret: string | null; readonly headers: EndpointHeaders },
    /** Of a caller for whom event types behind other flags do not exist. */
    readonly featureFlags: readonly string[] | null = null,
  ) {
    super();
  }
}

/** As much randomness as the hash of the signature can use well: 192 bits. */
const SECRET_BYTES = 24;
/** A message may go to all of them: what one of these costs is bounded. */
const MAX_ENDPOINTS = 10_000;

@CommandHandler(CreateEndpoint)
export class CreateEndpointHandler implements ICommandHandler<CreateEndpoint> {
  constructor(
    private readonly queries: QueryBus,
    private readonly settingsCheck: EndpointSettingsCheck,
    private readonly endpoints: EndpointRepository,
    private readonly rules: EndpointRules,
    private readonly clock: Clock,
  ) {}

  async execute({ organizationId, application, settings, extras, featureFlags }: CreateEndpoint): Promise<{ id: string; created: true }> {
    const { id: applicationId } = await this.queries.execute(new ResolveApplication(organizationId, application));
    await this.settingsCheck.check({ organizationId, application }, settings, featureFlags);
    const key = extras.secret === null ? newSecret() : checkSecret(extras.secret, ['body', 'secret']);
    const owner = { organizationId, applicationId };
    const endpoint = Endpoint.create(newId(ENDPOINT_ID), owner, settings, { key, headers: extras.headers }, this.clock.now(), this.rules);
    await addNew(endpoint, this.endpoints);
    return { id: endpoint.id, created: true };
  }
}

/** @throws InvalidField @throws EndpointUidTaken */
export async function addNew(endpoint: Endpoint, endpoints: EndpointRepository): Promise<void> {
  if (await endpoints.add(endpoint, MAX_ENDPOINTS)) return;
  throw new InvalidField(['path', 'app_id'], `The application has ${MAX_ENDPOINTS} endpoints, and may not have more.`);
}

export function newSecret(): string {
  return sharedSecret(randomBytes(SECRET_BYTES));
}
