import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { EntityNotFound } from '../../../../platform/errors/domain-error';
import { retryOnConflict } from '../../../../platform/errors/retry-on-conflict';
import { type ApplicationRef, ResolveApplication } from '../../applications';
import type { Endpoint } from '../domain/endpoint';
import { EndpointRepository } from '../domain/endpoint.repository';

/** An endpoint as a path names it: application and endpoint by id or uid. */
export type EndpointPath = { readonly organizationId: string; readonly application: ApplicationRef; readonly endpoint: string };

/** Finds, changes and saves one endpoint. */
@Injectable()
export class EndpointEditor {
  constructor(
    private readonly queries: QueryBus,
    private readonly endpoints: EndpointRepository,
  ) {}

  /** @throws EntityNotFound */
  async edit(
    { organizationId, application, endpoint: idOrUid }: EndpointPath,
    change: (endpoint: Endpoint) => void,
  ): Promise<{ id: string }> {
    const { id: applicationId } = await this.queries.execute(new ResolveApplication(organizationId, application));
    return retryOnConflict(async () => {
      const endpoint = await this.endpoints.find(organizationId, applicationId, idOrUid);
      if (!endpoint) throw new EntityNotFound();
      change(endpoint);
      await this.endpoints.save(endpoint);
      return { id: endpoint.id };
    });
  }
}
