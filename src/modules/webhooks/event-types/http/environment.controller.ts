import { Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, Post, StreamableFile } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { callContext, inContext } from '../../../../platform/context/call-context';
import { Access } from '../../../../platform/http/access';
import { OrganizationId } from '../../../../platform/http/principal';
import { Clock } from '../../../../platform/time/clock';
import { ImportEventTypes } from '../commands/import-event-types';
import { EnvironmentRead, EnvironmentWrite } from '../event-types.permissions';
import { ListEventTypes } from '../queries/list-event-types';
import { EnvironmentIn, EnvironmentOut } from './environment.schemas';

const FORMAT = 1;
/** Their schemas may be a quarter of a megabyte each. */
const PAGE = 50;
const EVERYTHING = { includeArchived: true, withSchemas: true, featureFlags: null };

/** The configuration of an organization as one document, to keep or to bring to another one. */
@ApiTags('Environment')
@Controller('environment')
export class EnvironmentController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly clock: Clock,
  ) {}

  @Post('export')
  @Access(EnvironmentRead)
  @HttpCode(200)
  @ApiOperation({ operationId: 'exportEnvironment', summary: 'Export the configuration of the organization' })
  @ApiResponse({ status: 200, standardSchema: EnvironmentOut })
  export(@OrganizationId() organizationId: string): StreamableFile {
    return this.document(organizationId);
  }

  @Get('export')
  @Access(EnvironmentRead)
  @ApiOperation({ operationId: 'downloadEnvironment', summary: 'Export the configuration of the organization, for browsers and scripts' })
  @ApiResponse({ status: 200, standardSchema: EnvironmentOut })
  download(@OrganizationId() organizationId: string): StreamableFile {
    return this.document(organizationId);
  }

  @Post('import')
  @Access(EnvironmentWrite)
  @HttpCode(204)
  @ApiOperation({ operationId: 'importEnvironment', summary: 'Add and update what an export contains: all of it or nothing' })
  @ApiResponse({ status: 204, description: 'Imported. Nothing is ever deleted.' })
  async import(@OrganizationId() organizationId: string, @Body({ schema: EnvironmentIn }) { eventTypes }: EnvironmentIn): Promise<void> {
    const items = (eventTypes ?? []).map((eventType, at) => ({ ...eventType, loc: ['body', 'eventTypes', at] }));
    await this.commands.execute(new ImportEventTypes(organizationId, items));
  }

  /** Written page by page: an export may be larger than what one process should hold. */
  private document(organizationId: string): StreamableFile {
    return new StreamableFile(Readable.from(this.json(organizationId)), { type: 'application/json; charset=utf-8' });
  }

  private async *json(organizationId: string): AsyncGenerator<string> {
    // Who reads a stream does so outside the context of the request.
    const context = callContext();
    yield `{"version":${FORMAT},"createdAt":${JSON.stringify(this.clock.now())},"settings":null,"connectors":[],"eventTypes":[`;
    for (let [iterator, done, separator] = [null as string | null, false, '']; !done;) {
      const page = { limit: PAGE, iterator, order: 'ascending' } as const;
      const found = await inContext(context, () => this.queries.execute(new ListEventTypes(organizationId, page, EVERYTHING)));
      for (const eventType of found.data) {
        yield separator + JSON.stringify(eventType);
        separator = ',';
      }
      ({ iterator, done } = found);
    }
    yield ']}';
  }
}
