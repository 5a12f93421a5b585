import { Body, Controller, Header, HttpCode, Param, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access } from '../../../../platform/http/access';
import { identifier } from '../../../../platform/http/fields';
import { OrganizationId } from '../../../../platform/http/principal';
import { GetMessage, messageJson, MessageOut, MessageWrite } from '../../messages';
import { SendExample } from '../commands/send-example';

const EventExampleIn = z
  .object({
    eventType: identifier.meta({
      description: 'An event type with an example in its schema, or `svix.ping`, which is always there.',
      examples: ['invoice.paid'],
    }),
    exampleIndex: z.int().min(0).max(1_000).default(0).meta({ description: 'Which of the examples in the schema.' }),
  })
  .meta({ id: 'EventExampleIn' });
type EventExampleIn = z.output<typeof EventExampleIn>;

@ApiTags('Endpoint')
@Controller('app/:app_id/endpoint/:endpoint_id/send-example')
export class ExampleController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @Access(MessageWrite)
  @HttpCode(200)
  @Header('content-type', 'application/json; charset=utf-8')
  @ApiOperation({ operationId: 'sendEventExample', summary: 'Send the example of an event type to this endpoint only' })
  @ApiResponse({ status: 200, description: 'The message, on its way.', standardSchema: MessageOut })
  async send(
    @OrganizationId() organizationId: string,
    @Param('app_id') application: string,
    @Param('endpoint_id') endpoint: string,
    @Body({ schema: EventExampleIn }) { eventType, exampleIndex }: EventExampleIn,
  ): Promise<string> {
    const example = new SendExample(organizationId, application, endpoint, eventType, exampleIndex);
    const { applicationId, messageId } = await this.commands.execute(example);
    return messageJson(await this.queries.execute(new GetMessage(organizationId, applicationId, messageId)));
  }
}
