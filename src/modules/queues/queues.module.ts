import { Module } from '@nestjs/common';
import { ApiKeyGrantsModule } from '../auth';
import { Operators } from './operators';

@Module({ imports: [ApiKeyGrantsModule], providers: [Operators] })
export class QueuesModule {}
