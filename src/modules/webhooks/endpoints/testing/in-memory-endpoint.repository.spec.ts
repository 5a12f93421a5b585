import { newId } from '../../../../platform/ids/id';
import { endpointRepositoryContract } from './endpoint-repository.contract';
import { InMemoryEndpointRepository } from './in-memory-endpoint.repository';

describe('InMemoryEndpointRepository', () => {
  const endpoints = new InMemoryEndpointRepository();
  endpointRepositoryContract(
    () => endpoints,
    async () => ({ organizationId: newId('org'), applicationId: newId('app') }),
  );
});
