import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Measurements } from '../metrics/measurements';
import { defineGauge, type GaugeOf } from '../metrics/metric';
import { daysAhead } from './partitions';
import { Sql } from './sql';

const DaysAhead = defineGauge('posthorn_partition_days_ahead', {
  of: 'installation',
  help: 'Days after today for which every partitioned table has its partition.',
});

export const partitionMetricProviders = [DaysAhead.provider];

const EVERY_MS = 60_000;

@Injectable()
export class PartitionGauge implements OnModuleInit {
  constructor(
    private readonly sql: Sql,
    private readonly measurements: Measurements,
    @InjectMetric(DaysAhead.name) private readonly gauge: GaugeOf<typeof DaysAhead>,
  ) {}

  onModuleInit(): void {
    this.measurements.add({
      name: 'partitions',
      everyMs: EVERY_MS,
      take: async () => {
        this.gauge.set(await daysAhead((text, values) => this.sql.run(text, values)));
      },
      forget: () => {
        this.gauge.remove();
      },
    });
  }
}
