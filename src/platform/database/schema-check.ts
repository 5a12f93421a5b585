import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Refuses to start on a schema that is older than this code. */
@Injectable()
export class SchemaCheck implements OnModuleInit {
  constructor(private readonly dataSource: DataSource) {}

  async onModuleInit(): Promise<void> {
    if (await this.dataSource.showMigrations()) {
      throw new Error(
        'The database schema is older than this release. Run `node dist/migrate.js` with the same DATABASE_URL, then start again.',
      );
    }
  }
}
