import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access } from '../../../platform/http/access';
import { identifier } from '../../../platform/http/fields';
import { OrganizationId } from '../../../platform/http/principal';
import { ApplicationIn } from '../../webhooks';
import { PortalAccess } from '../auth.permissions';
import { EndPortalAccess } from '../commands/end-portal-access';
import { OpenPortal } from '../commands/open-portal';

const HOUR = 3_600;
const WEEK = 7 * 24 * HOUR;

const sessionId = z.string().min(1).max(256).meta({ description: 'Of your own: by it, `expire-all` can end these tokens alone.' });

const PortalIn = z
  .object({
    featureFlags: z.array(identifier).max(100).nullish().meta({ description: 'Event types behind other flags are not shown.' }),
    application: ApplicationIn.nullish().meta({ description: 'Made when the path names none that exists.' }),
    readOnly: z.boolean().nullish().meta({ description: 'Nothing but looking.' }),
    capabilities: z
      .array(z.string())
      .max(50)
      .nullish()
      .meta({
        description:
          'Names of permissions, or of groups of them (`ViewBase`, `ManageEndpoint`, …); all that a portal may have when absent.',
        examples: [['ViewBase', 'ManageEndpoint']],
      }),
    expiry: z.number().int().min(1).max(WEEK).nullish().meta({ description: 'Seconds; an hour when absent.' }),
    sessionId: sessionId.nullish(),
  })
  .default({})
  .meta({ id: 'AppPortalAccessIn' });

const PortalOut = z
  .object({ url: z.string().meta({ description: 'Where to send the owner of the application.' }), token: z.string() })
  .meta({ id: 'AppPortalAccessOut' });

const EndIn = z
  .object({
    expiry: z.int().min(0).max(WEEK).nullish().meta({ description: 'Seconds for which they are good at most; at once when absent.' }),
    sessionIds: z.array(sessionId).max(1_000).nullish().meta({ description: 'Only the tokens of these sessions.' }),
  })
  .default({})
  .meta({ id: 'AppPortalExpireAllIn' });

@ApiTags('Portal')
@Access(PortalAccess)
@Controller('auth')
export class PortalController {
  constructor(private readonly commands: CommandBus) {}

  @Post('app-portal-access/:app_id')
  @HttpCode(200)
  @ApiOperation({ operationId: 'openPortal', summary: 'Get a link that lets the owner of one application manage its endpoints' })
  @ApiResponse({ status: 200, description: 'The link and the token in it.', standardSchema: PortalOut })
  open(
    @OrganizationId() organizationId: string,
    @Param('app_id') idOrUid: string,
    @Body({ schema: PortalIn }) body: z.output<typeof PortalIn>,
  ) {
    return this.openFor(organizationId, idOrUid, body);
  }

  /** Clients of the former generation know it by this name as well, and send nothing with it. */
  @Post('dashboard-access/:app_id')
  @HttpCode(200)
  @ApiOperation({ operationId: 'openDashboard', summary: 'The former name of `openPortal`', deprecated: true })
  @ApiResponse({ status: 200, description: 'The link and the token in it.', standardSchema: PortalOut })
  openByFormerName(@OrganizationId() organizationId: string, @Param('app_id') idOrUid: string) {
    return this.openFor(organizationId, idOrUid, {});
  }

  @Post('app/:app_id/expire-all')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'endPortalAccess',
    summary: 'End the portal tokens of an application, at once or in a while. Then they are refused everywhere within 2 seconds.',
  })
  @ApiResponse({ status: 204, description: 'Ended.' })
  async end(
    @OrganizationId() organizationId: string,
    @Param('app_id') idOrUid: string,
    @Body({ schema: EndIn }) { sessionIds, expiry }: z.output<typeof EndIn>,
  ): Promise<void> {
    await this.commands.execute(new EndPortalAccess(organizationId, idOrUid, sessionIds ?? [], expiry ?? 0));
  }

  private openFor(organizationId: string, idOrUid: string, body: z.output<typeof PortalIn>): Promise<z.output<typeof PortalOut>> {
    const { featureFlags, application, capabilities, readOnly, expiry, sessionId: session } = body;
    const grant = {
      organizationId,
      capabilities: capabilities ?? null,
      readOnly: readOnly ?? false,
      featureFlags: featureFlags ?? [],
      sessionId: session ?? null,
      lifetimeSeconds: expiry ?? HOUR,
    };
    return this.commands.execute(new OpenPortal(idOrUid, grant, application ? { ...application, uid: application.uid ?? null } : null));
  }
}
