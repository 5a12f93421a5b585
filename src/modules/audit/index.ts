/** Who did what, when: written from events, never changed. */
export { AuditModule } from './audit.module';
