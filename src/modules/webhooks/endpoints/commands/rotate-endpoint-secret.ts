import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../platform/time/clock';
import { checkSecret } from '../domain/endpoint-secret';
import { newSecret } from './create-endpoint';
import { EndpointEditor, type EndpointPath } from './endpoint-editor';

export class RotateEndpointSecret extends Command<void> {
  constructor(
    readonly path: EndpointPath,
    /** Without a key one is made. */
    readonly key: string | null,
    readonly graceSeconds: number,
  ) {
    super();
  }
}

@CommandHandler(RotateEndpointSecret)
export class RotateEndpointSecretHandler implements ICommandHandler<RotateEndpointSecret> {
  constructor(
    private readonly editor: EndpointEditor,
    private readonly clock: Clock,
  ) {}

  async execute({ path, key, graceSeconds }: RotateEndpointSecret): Promise<void> {
    const next = key === null ? newSecret() : checkSecret(key, ['body', 'key']);
    await this.editor.edit(path, (endpoint) => endpoint.rotateSecret(next, graceSeconds, this.clock.now()));
  }
}
