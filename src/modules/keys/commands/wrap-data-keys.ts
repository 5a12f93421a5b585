import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { KeyRotation } from '../../../platform/crypto/key-rotation';

/** Wraps all data keys under the first key of `ENCRYPTION_KEYS`. Takes moments, and touches no data. */
export class WrapDataKeys extends Command<{ readonly wrapped: number }> {}

@CommandHandler(WrapDataKeys)
export class WrapDataKeysHandler implements ICommandHandler<WrapDataKeys> {
  constructor(private readonly rotation: KeyRotation) {}

  async execute() {
    return { wrapped: await this.rotation.rewrap() };
  }
}
