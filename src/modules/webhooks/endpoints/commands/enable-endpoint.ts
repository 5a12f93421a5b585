import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../platform/time/clock';
import { EndpointRules } from '../domain/endpoint';
import { EndpointEditor, type EndpointPath } from './endpoint-editor';

/** Whoever disabled it and why. One that is enabled stays as it is. @throws EntityNotFound @throws EndpointUnverified */
export class EnableEndpoint extends Command<{ id: string }> {
  constructor(readonly path: EndpointPath) {
    super();
  }
}

@CommandHandler(EnableEndpoint)
export class EnableEndpointHandler implements ICommandHandler<EnableEndpoint> {
  constructor(
    private readonly editor: EndpointEditor,
    private readonly rules: EndpointRules,
    private readonly clock: Clock,
  ) {}

  execute({ path }: EnableEndpoint): Promise<{ id: string }> {
    return this.editor.edit(path, (endpoint) => endpoint.enable(this.clock.now(), this.rules));
  }
}
