import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Cipher } from '../crypto/cipher';
import { DataKeys } from '../crypto/data-keys';
import { KeyRing } from '../crypto/key-ring';
import { KeyWrapper } from '../crypto/key-wrapper';
import { LookupHash } from '../crypto/lookup-hash';
import { EventRecorder } from '../events/event-recorder';
import { Outbox } from '../outbox/outbox';
import { AggregateStore } from './aggregate-store';
import { dataSourceOptions, type DatabaseSettings } from './data-source';
import { NotificationSender } from './notification-sender';
import { SchemaCheck } from './schema-check';
import { SideConnection } from './side-connection';
import { Sql } from './sql';
import { TypeOrmUnitOfWork, UnitOfWork } from './unit-of-work';

export type EncryptionSettings = { readonly encryption: readonly { readonly id: string; readonly key: Buffer }[]; readonly lookup: Buffer };

const SERVICES = [Sql, NotificationSender, TypeOrmUnitOfWork, Outbox, Cipher, AggregateStore];

@Module({})
export class DatabaseModule {
  static forRoot(database: DatabaseSettings, keys: EncryptionSettings): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      imports: [TypeOrmModule.forRoot({ ...dataSourceOptions(database), autoLoadEntities: true, retryAttempts: 10, retryDelay: 1_000 })],
      providers: [
        ...SERVICES,
        SchemaCheck,
        { provide: UnitOfWork, useExisting: TypeOrmUnitOfWork },
        { provide: EventRecorder, useExisting: Outbox },
        { provide: SideConnection, useFactory: () => new SideConnection(database) },
        { provide: KeyWrapper, useFactory: () => new KeyRing(keys.encryption) },
        {
          provide: DataKeys,
          useFactory: (side: SideConnection, wrapper: KeyWrapper) => new DataKeys(side, wrapper),
          inject: [SideConnection, KeyWrapper],
        },
        { provide: LookupHash, useValue: new LookupHash(keys.lookup) },
      ],
      exports: [...SERVICES, UnitOfWork, EventRecorder, DataKeys, LookupHash],
    };
  }
}
