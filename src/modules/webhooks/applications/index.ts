/** Consumers of webhooks: a customer of the organization, with its endpoints and messages. */
export { ApplicationsModule } from './applications.module';
export { ApplicationCreated, ApplicationDeleted, ApplicationUpdated } from './applications.events';
export { ApplicationWrite } from './applications.permissions';
export { ApplicationIn } from './application-in';
export { applicationKey, type ApplicationRef, isOperational, OPERATIONAL, operationalApplicationId } from './application-ref';
export { CreateApplication } from './commands/create-application';
export { GetApplication } from './queries/get-application';
export { OpenOperationalApplication } from './commands/open-operational-application';
export { ResolveApplication } from './queries/resolve-application';
