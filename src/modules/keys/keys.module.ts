import { Module } from '@nestjs/common';
import { KeyRotation } from '../../platform/crypto/key-rotation';
import { RotateKeysHandler } from './commands/rotate-keys';
import { WrapDataKeysHandler } from './commands/wrap-data-keys';
import { KeyRotationWork } from './key-rotation.work';
import { GetKeyStatusHandler } from './queries/get-key-status';

@Module({ providers: [KeyRotation, KeyRotationWork, RotateKeysHandler, WrapDataKeysHandler, GetKeyStatusHandler] })
export class KeysModule {}
