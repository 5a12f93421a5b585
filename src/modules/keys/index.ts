/** Replacing encryption keys while everything runs. */
export { KeysModule } from './keys.module';
export { RotateKeys } from './commands/rotate-keys';
export { WrapDataKeys } from './commands/wrap-data-keys';
export { GetKeyStatus } from './queries/get-key-status';
