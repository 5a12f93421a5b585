import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Changes } from '../../../platform/domain/given';
import { Clock } from '../../../platform/time/clock';
import type { ApiKeySettings } from '../domain/api-key';
import { ApiKeyRepository } from '../domain/api-key.repository';
import { ApiKeyNotFound } from '../domain/auth.errors';

/** New scopes hold everywhere within 2 seconds. The token stays the same. */
export class ChangeApiKey extends Command<void> {
  constructor(
    readonly organizationId: string,
    readonly apiKeyId: string,
    readonly changes: Changes<ApiKeySettings>,
  ) {
    super();
  }
}

@CommandHandler(ChangeApiKey)
export class ChangeApiKeyHandler implements ICommandHandler<ChangeApiKey> {
  constructor(
    private readonly apiKeys: ApiKeyRepository,
    private readonly clock: Clock,
  ) {}

  async execute({ organizationId, apiKeyId, changes }: ChangeApiKey): Promise<void> {
    const apiKey = await this.apiKeys.find(organizationId, apiKeyId);
    if (!apiKey || apiKey.revokedAt) throw new ApiKeyNotFound(apiKeyId);
    apiKey.change(changes, this.clock.now());
    await this.apiKeys.save(apiKey);
  }
}
