import { Injectable } from '@nestjs/common';
import type { FindManyOptions, FindOptionsWhere, ObjectLiteral } from 'typeorm';
import { Cipher, SYSTEM_SCOPE } from '../crypto/cipher';
import { columnContext, encryptedPropertiesOf } from '../crypto/encrypted-column';
import type { AggregateRoot } from '../domain/aggregate-root';
import { TenantAggregateRoot } from '../domain/tenant-aggregate-root';
import { ConcurrentChange } from '../errors/domain-error';
import { Outbox } from '../outbox/outbox';
import { TypeOrmUnitOfWork } from './unit-of-work';

type Aggregate = AggregateRoot<unknown> & ObjectLiteral;
type AggregateClass<A extends Aggregate> = new () => A;
/** What belongs to an organization is looked for inside one. */
type Where<A extends Aggregate> = FindOptionsWhere<A> & (A extends TenantAggregateRoot<unknown> ? { organizationId: string } : unknown);
type Find<A extends Aggregate> = Omit<FindManyOptions<A>, 'where'> & { where: Where<A> };

/** The one way in which aggregates reach their tables: version, events and encryption are handled here. */
@Injectable()
export class AggregateStore {
  constructor(
    private readonly uow: TypeOrmUnitOfWork,
    private readonly outbox: Outbox,
    private readonly cipher: Cipher,
  ) {}

  /**
   * One transaction: the row, guarded by its version, and the events that explain the change.
   * Not `manager.save()`: that selects first and then overwrites whatever version it finds.
   * @throws ConcurrentChange
   */
  async save(aggregate: Aggregate): Promise<void> {
    const target = aggregate.constructor as AggregateClass<Aggregate>;
    const { id, version, ...plain } = aggregate;
    // Before the transaction: a first use of a data key writes it on a connection of its own.
    const fields = await this.sealed(target, aggregate, plain);
    await this.uow.run(async () => {
      if (version === 0) {
        await this.uow.manager.insert(target, { ...fields, id, version: 1 } as ObjectLiteral);
      } else {
        const { affected } = await this.uow.manager.update(target, { id, version }, fields);
        if (affected !== 1) throw new ConcurrentChange();
      }
      await this.outbox.append(aggregate.pullEvents(), organizationOf(aggregate));
    });
    Object.assign(aggregate, { version: version + 1 });
  }

  /**
   * Several of one class and one organization in one transaction: what is new in one statement, and all their events in one.
   * @throws ConcurrentChange
   */
  async saveAll(aggregates: readonly Aggregate[]): Promise<void> {
    const [first] = aggregates;
    if (!first) return;
    const target = first.constructor as AggregateClass<Aggregate>;
    const rows = await Promise.all(
      aggregates.map(async (aggregate) => {
        const { id, version, ...plain } = aggregate;
        return { id, version, fields: await this.sealed(target, aggregate, plain) };
      }),
    );
    await this.uow.run(async () => {
      const fresh = rows.filter(({ version }) => version === 0);
      if (fresh.length > 0)
        await this.uow.manager.insert(
          target,
          fresh.map(({ id, fields }): ObjectLiteral => ({ ...fields, id, version: 1 })),
        );
      for (const { id, version, fields } of rows.filter((row) => row.version > 0)) {
        const { affected } = await this.uow.manager.update(target, { id, version }, fields);
        if (affected !== 1) throw new ConcurrentChange();
      }
      await this.outbox.append(
        aggregates.flatMap((aggregate) => aggregate.pullEvents()),
        organizationOf(first),
      );
    });
    for (const aggregate of aggregates) Object.assign(aggregate, { version: aggregate.version + 1 });
  }

  /**
   * One transaction: the row goes, guarded by its version, and the events that explain it stay.
   * @throws ConcurrentChange
   */
  async remove(aggregate: Aggregate): Promise<void> {
    const { id, version } = aggregate;
    await this.uow.run(async () => {
      const { affected } = await this.uow.manager.delete(aggregate.constructor, { id, version });
      if (affected !== 1) throw new ConcurrentChange();
      await this.outbox.append(aggregate.pullEvents(), organizationOf(aggregate));
    });
  }

  async findOneBy<A extends Aggregate>(target: AggregateClass<A>, where: Where<A>): Promise<A | null> {
    mustNameTenant(target, where);
    const row = await this.uow.manager.findOneBy(target, where);
    return row && (await this.opened(target, row));
  }

  async find<A extends Aggregate>(target: AggregateClass<A>, options: Find<A>): Promise<A[]> {
    mustNameTenant(target, options.where);
    const rows = await this.uow.manager.find(target, options);
    return Promise.all(rows.map((row) => this.opened(target, row)));
  }

  async count<A extends Aggregate>(target: AggregateClass<A>, where: Where<A>): Promise<number> {
    mustNameTenant(target, where);
    return this.uow.manager.countBy(target, where);
  }

  private async sealed(target: AggregateClass<Aggregate>, aggregate: Aggregate, plain: ObjectLiteral): Promise<ObjectLiteral> {
    const scope = organizationOf(aggregate) ?? SYSTEM_SCOPE;
    const fields = { ...plain };
    for (const { property, context } of this.encryptedColumns(target, aggregate.id)) {
      const value: unknown = plain[property];
      fields[property] = value === null || value === undefined ? null : await this.cipher.sealJson(scope, context, value);
    }
    return fields;
  }

  private async opened<A extends Aggregate>(target: AggregateClass<A>, row: A): Promise<A> {
    for (const { property, context } of this.encryptedColumns(target, row.id)) {
      const value = (row as ObjectLiteral)[property] as Buffer | null;
      Object.assign(row, { [property]: value && (await this.cipher.openJson(context, value)) });
    }
    return row;
  }

  private encryptedColumns(target: AggregateClass<Aggregate>, id: string) {
    const { tableName, columns } = this.uow.manager.dataSource.getMetadata(target);
    return encryptedPropertiesOf(target).map((property) => {
      const column = columns.find(({ propertyName }) => propertyName === property);
      return { property, context: columnContext(tableName, column?.databaseName ?? property, id) };
    });
  }
}

function organizationOf(aggregate: Aggregate): string | null {
  return (aggregate as { organizationId?: string | null }).organizationId ?? null;
}

/** The compiler demands it as well; this holds for values that it was wrong about. */
function mustNameTenant(target: AggregateClass<Aggregate>, where: object): void {
  const { organizationId } = where as { organizationId?: unknown };
  if (target.prototype instanceof TenantAggregateRoot && (typeof organizationId !== 'string' || organizationId === ''))
    throw new Error(`${target.name} was looked for without an organization.`);
}
