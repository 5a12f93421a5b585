import { InMemoryMessageRepository } from './in-memory-message.repository';
import { messageRepositoryContract } from './message-repository.contract';

describe('InMemoryMessageRepository', () => {
  const messages = new InMemoryMessageRepository({ applications: { org_1: ['app_1'] }, checked: { checked: 3 } });
  messageRepositoryContract(() => ({ messages, organizationId: 'org_1', application: 'app_1', checkedType: 'checked' }));
});
