import { Column } from 'typeorm';
import { AggregateRoot } from './aggregate-root';

/** An aggregate that belongs to one organization: it is encrypted with that organization's key and never found without naming it. */
export abstract class TenantAggregateRoot<Self> extends AggregateRoot<Self> {
  @Column('text') readonly organizationId!: string;
  /** For the compiler only: what merely has a property of that name is no such aggregate. */
  declare protected readonly belongsToTenant: true;
}
