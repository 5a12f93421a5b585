import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../platform/time/clock';
import { ApiKeyRepository } from '../domain/api-key.repository';
import { ApiKeyNotFound } from '../domain/auth.errors';

/** Effective everywhere as soon as the guards' memory of the key ends. Repeating it changes nothing. */
export class RevokeApiKey extends Command<void> {
  constructor(
    readonly organizationId: string,
    readonly apiKeyId: string,
  ) {
    super();
  }
}

@CommandHandler(RevokeApiKey)
export class RevokeApiKeyHandler implements ICommandHandler<RevokeApiKey> {
  constructor(
    private readonly apiKeys: ApiKeyRepository,
    private readonly clock: Clock,
  ) {}

  async execute({ organizationId, apiKeyId }: RevokeApiKey): Promise<void> {
    const apiKey = await this.apiKeys.find(organizationId, apiKeyId);
    if (!apiKey) throw new ApiKeyNotFound(apiKeyId);
    if (apiKey.revokedAt) return;
    apiKey.revoke(this.clock.now());
    await this.apiKeys.save(apiKey);
  }
}
