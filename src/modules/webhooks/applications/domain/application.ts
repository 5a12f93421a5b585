import { Column, Entity } from 'typeorm';
import { EncryptedColumn } from '../../../../platform/crypto/encrypted-column';
import { TenantAggregateRoot } from '../../../../platform/domain/tenant-aggregate-root';
import { type Changes, given } from '../../../../platform/domain/given';
import { ApplicationCreated, ApplicationDeleted, ApplicationUpdated } from '../applications.events';

export type ApplicationSettings = {
  readonly uid: string | null;
  readonly name: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly throttleRate: number | null;
};

/** One consumer of webhooks: usually a customer of the organization. It owns endpoints and receives messages. */
@Entity('application')
export class Application extends TenantAggregateRoot<Application> {
  @Column('text', { nullable: true }) readonly uid: string | null = null;
  @EncryptedColumn() readonly name!: string;
  @EncryptedColumn() readonly metadata!: Readonly<Record<string, string>>;
  @Column('integer', { nullable: true }) readonly throttleRate: number | null = null;
  /** The hidden one, which carries what its organization is told. */
  @Column('boolean') readonly operational: boolean = false;
  @Column('timestamptz') readonly createdAt!: Date;
  @Column('timestamptz') readonly updatedAt!: Date;
  @Column('timestamptz', { nullable: true }) readonly deletedAt: Date | null = null;

  static create(id: string, organizationId: string, settings: ApplicationSettings, now: Date): Application {
    const application = new Application();
    application.assign({ ...settings, id, organizationId, createdAt: now, updatedAt: now });
    application.record(ApplicationCreated({ applicationId: id }));
    return application;
  }

  /** Nobody is told of it, and nobody changes or deletes it. */
  static operational(id: string, organizationId: string, now: Date): Application {
    const application = new Application();
    application.assign({
      id,
      organizationId,
      name: 'Operational webhooks',
      metadata: {},
      operational: true,
      createdAt: now,
      updatedAt: now,
    });
    return application;
  }

  change(changes: Changes<ApplicationSettings>, now: Date): void {
    this.assign({ ...given(changes), updatedAt: now });
    this.record(ApplicationUpdated({ applicationId: this.id }));
  }

  /** The row stays, for messages that name it; the uid is free again. */
  delete(now: Date): void {
    this.assign({ deletedAt: now, updatedAt: now });
    this.record(ApplicationDeleted({ applicationId: this.id }));
  }
}
