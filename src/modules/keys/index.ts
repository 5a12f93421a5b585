import { defineModule } from '../../platform/modules/feature-module';
import { KeysModule } from './keys.module';

/** Replacing encryption keys while everything runs. */
export const keys = defineModule({ name: 'keys', worker: KeysModule });
export { KeysModule } from './keys.module';
export { RotateKeys } from './commands/rotate-keys';
export { WrapDataKeys } from './commands/wrap-data-keys';
export { GetKeyStatus } from './queries/get-key-status';
