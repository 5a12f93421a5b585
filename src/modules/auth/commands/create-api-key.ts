import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { newId } from '../../../platform/ids/id';
import { Clock } from '../../../platform/time/clock';
import { ApiKey, type NewApiKey } from '../domain/api-key';
import { ApiKeyRepository } from '../domain/api-key.repository';
import { TokenSigner } from '../domain/token-signer';

export type CreatedApiKey = {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[] | null;
  readonly prefix: string;
  /** Shown this once: it is not stored. */
  readonly token: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: null;
};

export class CreateApiKey extends Command<CreatedApiKey> {
  constructor(readonly key: NewApiKey) {
    super();
  }
}

@CommandHandler(CreateApiKey)
export class CreateApiKeyHandler implements ICommandHandler<CreateApiKey> {
  constructor(
    private readonly apiKeys: ApiKeyRepository,
    private readonly signer: TokenSigner,
    private readonly clock: Clock,
  ) {}

  async execute({ key }: CreateApiKey): Promise<CreatedApiKey> {
    const apiKey = ApiKey.create(newId('key'), key, this.clock.now());
    const token = apiKey.issue(this.signer);
    await this.apiKeys.save(apiKey);
    const { id, name, scopes, prefix, createdAt, expiresAt } = apiKey;
    return { id, name, scopes, prefix, token, createdAt, expiresAt, lastUsedAt: null };
  }
}
