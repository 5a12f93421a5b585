import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Changes } from '../../../../platform/domain/given';
import { InvalidField } from '../../../../platform/errors/domain-error';
import { Clock } from '../../../../platform/time/clock';
import { Transformer } from '../../../../platform/transformation/transformer';
import type { EndpointTransformation } from '../domain/endpoint-transformation';
import { EndpointEditor, type EndpointPath } from './endpoint-editor';

/** Code that cannot be run is not kept. @throws InvalidField @throws EntityNotFound */
export class ChangeTransformation extends Command<void> {
  constructor(
    readonly path: EndpointPath,
    readonly changes: Changes<Omit<EndpointTransformation, 'updatedAt'>>,
  ) {
    super();
  }
}

@CommandHandler(ChangeTransformation)
export class ChangeTransformationHandler implements ICommandHandler<ChangeTransformation> {
  constructor(
    private readonly editor: EndpointEditor,
    private readonly transformer: Transformer,
    private readonly clock: Clock,
  ) {}

  async execute({ path, changes }: ChangeTransformation): Promise<void> {
    const { code } = changes;
    const flaw = typeof code === 'string' ? await this.transformer.check(path.organizationId, code) : null;
    if (flaw) throw new InvalidField(['body', 'code'], flaw.message);
    await this.editor.edit(path, (endpoint) => endpoint.changeTransformation(changes, this.clock.now()));
  }
}
