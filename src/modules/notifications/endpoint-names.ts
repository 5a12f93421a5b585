import type { QueryBus } from '@nestjs/cqrs';
import { EntityNotFound } from '../../platform/errors/domain-error';
import { GetApplication, GetEndpoint } from '../webhooks';

type Place = { readonly organizationId: string; readonly applicationId: string; readonly endpointId: string };

/** What people call an endpoint and its application; null when they are gone. */
export async function endpointNames(queries: QueryBus, { organizationId, applicationId, endpointId }: Place) {
  try {
    const { name: application } = await queries.execute(new GetApplication(organizationId, applicationId));
    const { uid } = await queries.execute(new GetEndpoint(organizationId, applicationId, endpointId));
    return { application, endpoint: uid ?? endpointId };
  } catch (error) {
    if (error instanceof EntityNotFound) return null;
    throw error;
  }
}
