import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../platform/time/clock';
import { EndpointEditor, type EndpointPath } from './endpoint-editor';

export class ChangeEndpointHeaders extends Command<void> {
  constructor(
    readonly path: EndpointPath,
    /** `null` takes a header away. */
    readonly changes: Readonly<Record<string, string | null>>,
  ) {
    super();
  }
}

@CommandHandler(ChangeEndpointHeaders)
export class ChangeEndpointHeadersHandler implements ICommandHandler<ChangeEndpointHeaders> {
  constructor(
    private readonly editor: EndpointEditor,
    private readonly clock: Clock,
  ) {}

  async execute({ path, changes }: ChangeEndpointHeaders): Promise<void> {
    await this.editor.edit(path, (endpoint) => endpoint.changeHeaders(changes, this.clock.now()));
  }
}
