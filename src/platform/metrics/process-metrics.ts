import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Sql } from '../database/sql';
import { VERSION } from '../version';
import { Measurements } from './measurements';
import { defineGauge, type GaugeOf } from './metric';

const BuildInfo = defineGauge('posthorn_build_info', {
  help: 'Always 1; which release this process is, and on which Node.',
  labels: { version: { kind: 'release', atMost: 1 }, node: { kind: 'release of Node', atMost: 1 }, role: ['api', 'worker'] },
});
const PoolConnections = defineGauge('posthorn_db_pool_connections', {
  help: 'Connections to PostgreSQL that are lent or idle, and callers that wait for one.',
  labels: { state: ['busy', 'idle', 'waiting'] },
});
const PoolSize = defineGauge('posthorn_db_pool_size', { help: 'Connections that the pool may have.' });
const DatabaseUp = defineGauge('posthorn_database_up', { help: 'Whether PostgreSQL answered when this was asked: 1 or 0.' });

export const processMetricProviders = [BuildInfo, PoolConnections, PoolSize, DatabaseUp].map(({ provider }) => provider);

export const PROCESS = Symbol('PROCESS');
export type ProcessFacts = { readonly role: string; readonly poolSize: number };

/** What every process says of itself. */
@Injectable()
export class ProcessMetrics implements OnModuleInit {
  constructor(
    private readonly sql: Sql,
    private readonly measurements: Measurements,
    @Inject(PROCESS) private readonly facts: ProcessFacts,
    @InjectMetric(BuildInfo.name) private readonly buildInfo: GaugeOf<typeof BuildInfo>,
    @InjectMetric(PoolConnections.name) private readonly connections: GaugeOf<typeof PoolConnections>,
    @InjectMetric(PoolSize.name) private readonly poolSize: GaugeOf<typeof PoolSize>,
    @InjectMetric(DatabaseUp.name) private readonly databaseUp: GaugeOf<typeof DatabaseUp>,
  ) {}

  onModuleInit(): void {
    this.buildInfo.set({ version: VERSION, node: process.versions.node, role: this.facts.role }, 1);
    this.poolSize.set(this.facts.poolSize);
    this.measurements.look(() => {
      this.lookAtPool();
    });
    this.measurements.add({
      name: 'database',
      everyMs: 1_000,
      take: async () => {
        await this.sql.run('SELECT 1');
        this.databaseUp.set(1);
      },
      forget: () => {
        this.databaseUp.set(0);
      },
    });
  }

  private lookAtPool(): void {
    const { total, idle, waiting } = this.sql.connections;
    this.connections.set({ state: 'busy' }, total - idle);
    this.connections.set({ state: 'idle' }, idle);
    this.connections.set({ state: 'waiting' }, waiting);
  }
}
