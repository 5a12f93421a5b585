import { IDENTIFIER } from '../../../platform/ids/reference';

/** The hidden application of an organization, whose endpoints are its operational webhooks. A path holds text, so none can name it. */
export const OPERATIONAL: unique symbol = Symbol('operational');

/** An application as somebody names it: by id or uid, or the hidden one. */
export type ApplicationRef = string | typeof OPERATIONAL;

/** A colon is in no identifier: whoever looks for this id in the name of a caller finds nothing. */
const OPERATIONAL_ID = 'app_:';

/** Known without looking it up, whether the application was made yet or not. */
export function operationalApplicationId(organizationId: string): string {
  return OPERATIONAL_ID + organizationId;
}

export function isOperational(applicationId: string): boolean {
  return applicationId.startsWith(OPERATIONAL_ID);
}

/** The id or uid to look for; null for what no application is called. */
export function applicationKey(organizationId: string, application: ApplicationRef): string | null {
  if (application === OPERATIONAL) return operationalApplicationId(organizationId);
  return IDENTIFIER.test(application) ? application : null;
}
