import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../platform/time/clock';
import { EndpointEditor, type EndpointPath } from './endpoint-editor';

export class DeleteEndpoint extends Command<void> {
  constructor(readonly path: EndpointPath) {
    super();
  }
}

@CommandHandler(DeleteEndpoint)
export class DeleteEndpointHandler implements ICommandHandler<DeleteEndpoint> {
  constructor(
    private readonly editor: EndpointEditor,
    private readonly clock: Clock,
  ) {}

  async execute({ path }: DeleteEndpoint): Promise<void> {
    await this.editor.edit(path, (endpoint) => endpoint.delete(this.clock.now()));
  }
}
