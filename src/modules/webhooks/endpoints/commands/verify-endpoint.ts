import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../platform/time/clock';
import { EndpointEditor, type EndpointPath } from './endpoint-editor';

/** The receiver at `url` answered a challenge. @returns when, or null when the endpoint has another URL by now @throws EntityNotFound */
export class VerifyEndpoint extends Command<Date | null> {
  constructor(
    readonly path: EndpointPath,
    readonly url: string,
  ) {
    super();
  }
}

@CommandHandler(VerifyEndpoint)
export class VerifyEndpointHandler implements ICommandHandler<VerifyEndpoint> {
  constructor(
    private readonly editor: EndpointEditor,
    private readonly clock: Clock,
  ) {}

  async execute({ path, url }: VerifyEndpoint): Promise<Date | null> {
    const now = this.clock.now();
    const verdicts: boolean[] = [];
    await this.editor.edit(path, (endpoint) => verdicts.push(endpoint.verify(url, now)));
    return verdicts.at(-1) ? now : null;
  }
}
