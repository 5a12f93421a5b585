import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access } from '../../../platform/http/access';
import { identifier, metadata, singleLine, throttleRate, uidOf } from '../../../platform/http/fields';
import { OrganizationId } from '../../../platform/http/principal';
import { PortalAccess } from '../auth.permissions';
import { EndPortalAccess } from '../commands/end-portal-access';
import { OpenPortal } from '../commands/open-portal';

const HOUR = 3_600;
const WEEK = 7 * 24 * HOUR;

const sessionId = z.string().min(1).max(256).meta({ description: 'Of your own: by it, `expire-all` can end these tokens alone.' });

const ApplicationOfPortal = z
  .object({
    name: singleLine(1_024),
    uid: uidOf('app').nullish(),
    throttleRate: throttleRate.nullish(),
    metadata: metadata.optional(),
  })
  .transform(({ name, uid = null, throttleRate: rate = null, metadata: own = {} }) => ({ name, uid, throttleRate: rate, metadata: own }))
  .meta({ description: 'Made when the path names none that exists.' });

const PortalIn = z
  .object({
    featureFlags: z.array(identifier).max(100).nullish().meta({ description: 'Event types behind other flags are not shown.' }),
    application: ApplicationOfPortal.nullish(),
    capabilities: z
      .array(z.string())
      .max(50)
      .nullish()
      .meta({ description: 'Names of permissions; all that a portal may have when absent.' }),
    expiry: z.number().int().min(1).max(WEEK).nullish().meta({ description: 'Seconds; an hour when absent.' }),
    sessionId: sessionId.nullish(),
  })
  .default({})
  .meta({ id: 'AppPortalAccessIn' });

const PortalOut = z
  .object({ url: z.string().meta({ description: 'Where to send the owner of the application.' }), token: z.string() })
  .meta({ id: 'AppPortalAccessOut' });

const EndIn = z
  .object({ sessionIds: z.array(sessionId).max(1_000).nullish() })
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
    const { featureFlags, application, capabilities, expiry, sessionId: session } = body;
    const grant = {
      organizationId,
      capabilities: capabilities ?? null,
      featureFlags: featureFlags ?? [],
      sessionId: session ?? null,
      lifetimeSeconds: expiry ?? HOUR,
    };
    return this.commands.execute(new OpenPortal(idOrUid, grant, application ?? null));
  }

  @Post('app/:app_id/expire-all')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'endPortalAccess',
    summary: 'End the portal tokens of an application. They are refused everywhere within 2 seconds.',
  })
  @ApiResponse({ status: 204, description: 'Ended.' })
  async end(
    @OrganizationId() organizationId: string,
    @Param('app_id') idOrUid: string,
    @Body({ schema: EndIn }) { sessionIds }: z.output<typeof EndIn>,
  ): Promise<void> {
    await this.commands.execute(new EndPortalAccess(organizationId, idOrUid, sessionIds ?? []));
  }
}
