import { Inject } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { CONFIG, type Config } from '../../../config/env';
import { EntityNotFound } from '../../../platform/errors/domain-error';
import { EventRecorder } from '../../../platform/events/event-recorder';
import { newId } from '../../../platform/ids/id';
import { Clock } from '../../../platform/time/clock';
import { CreateApplication, ResolveApplication } from '../../webhooks';
import { PortalTokenIssued } from '../auth.events';
import { type PortalGrant, portalToken } from '../domain/portal-token';
import { TokenSigner } from '../domain/token-signer';

export type OpenedPortal = { readonly url: string; readonly token: string };

/** What to make when the application is not there yet. */
export type NewApplication = CreateApplication['settings'];

/** A token with which the owner of one application sees and changes what is theirs, for a while. */
export class OpenPortal extends Command<OpenedPortal> {
  constructor(
    readonly idOrUid: string,
    readonly grant: Omit<PortalGrant, 'applicationId'>,
    readonly application: NewApplication | null,
  ) {
    super();
  }
}

@CommandHandler(OpenPortal)
export class OpenPortalHandler implements ICommandHandler<OpenPortal> {
  private readonly page: string;

  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly events: EventRecorder,
    private readonly signer: TokenSigner,
    private readonly clock: Clock,
    @Inject(CONFIG) { http }: Pick<Config, 'http'>,
  ) {
    this.page = `${http.publicUrl}/portal`;
  }

  async execute({ idOrUid, grant, application }: OpenPortal): Promise<OpenedPortal> {
    const { organizationId } = grant;
    const { id: applicationId } = await this.resolve(organizationId, idOrUid, application);
    const portalTokenId = newId('ptk');
    const token = portalToken(portalTokenId, { ...grant, applicationId }, this.signer, this.clock.now());
    await this.events.record(PortalTokenIssued({ applicationId, portalTokenId }), organizationId);
    // In the fragment: it reaches neither the server's log nor a Referer.
    return { url: `${this.page}#key=${token}`, token };
  }

  private async resolve(organizationId: string, idOrUid: string, application: NewApplication | null): Promise<{ id: string }> {
    try {
      return await this.queries.execute(new ResolveApplication(organizationId, idOrUid));
    } catch (error) {
      if (!(error instanceof EntityNotFound) || !application) throw error;
      return this.commands.execute(new CreateApplication(organizationId, { ...application, uid: application.uid ?? idOrUid }, true));
    }
  }
}
