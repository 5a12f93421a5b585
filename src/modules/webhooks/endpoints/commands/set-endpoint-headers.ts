import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../platform/time/clock';
import type { EndpointHeaders } from '../domain/endpoint-headers';
import { EndpointEditor, type EndpointPath } from './endpoint-editor';

export class SetEndpointHeaders extends Command<void> {
  constructor(
    readonly path: EndpointPath,
    readonly headers: EndpointHeaders,
  ) {
    super();
  }
}

@CommandHandler(SetEndpointHeaders)
export class SetEndpointHeadersHandler implements ICommandHandler<SetEndpointHeaders> {
  constructor(
    private readonly editor: EndpointEditor,
    private readonly clock: Clock,
  ) {}

  async execute({ path, headers }: SetEndpointHeaders): Promise<void> {
    await this.editor.edit(path, (endpoint) => endpoint.setHeaders(headers, this.clock.now()));
  }
}
