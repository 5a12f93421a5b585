import { applicationRepositoryContract } from './application-repository.contract';
import { InMemoryApplicationRepository } from './in-memory-application.repository';

describe('InMemoryApplicationRepository', () => {
  const applications = new InMemoryApplicationRepository();
  applicationRepositoryContract(() => applications);
});
