import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../platform/crypto/cipher';

/** Destroys the data keys of an organization that is gone: nothing of it can be read again, in backups neither. */
export class ShredOrganization extends Command<void> {
  constructor(readonly organizationId: string) {
    super();
  }
}

@CommandHandler(ShredOrganization)
export class ShredOrganizationHandler implements ICommandHandler<ShredOrganization> {
  constructor(private readonly cipher: Cipher) {}

  async execute({ organizationId }: ShredOrganization): Promise<void> {
    await this.cipher.shred(organizationId);
  }
}
