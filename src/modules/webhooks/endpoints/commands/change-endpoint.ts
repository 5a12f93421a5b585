import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Changes } from '../../../../platform/domain/given';
import { Clock } from '../../../../platform/time/clock';
import { EndpointRules, type EndpointSettings } from '../domain/endpoint';
import { checkSecret } from '../domain/endpoint-secret';
import { EndpointEditor, type EndpointPath } from './endpoint-editor';
import { EndpointSettingsCheck } from './endpoint-settings-check';

export class ChangeEndpoint extends Command<{ id: string }> {
  constructor(
    readonly path: EndpointPath,
    readonly changes: Changes<EndpointSettings>,
    /** Replaces the current key at once, without grace. */
    readonly secret: string | null,
    /** Of a caller for whom event types behind other flags do not exist. */
    readonly featureFlags: readonly string[] | null = null,
  ) {
    super();
  }
}

@CommandHandler(ChangeEndpoint)
export class ChangeEndpointHandler implements ICommandHandler<ChangeEndpoint> {
  constructor(
    private readonly editor: EndpointEditor,
    private readonly settingsCheck: EndpointSettingsCheck,
    private readonly rules: EndpointRules,
    private readonly clock: Clock,
  ) {}

  async execute({ path, changes, secret, featureFlags }: ChangeEndpoint): Promise<{ id: string }> {
    const key = secret === null ? null : checkSecret(secret, ['body', 'secret']);
    await this.settingsCheck.check(path, changes, featureFlags);
    return this.editor.edit(path, (endpoint) => {
      endpoint.change(changes, this.clock.now(), this.rules);
      if (key !== null) endpoint.rotateSecret(key, 0, this.clock.now());
    });
  }
}
