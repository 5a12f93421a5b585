import { InMemoryMessageRepository } from './in-memory-message.repository';
import { messageRepositoryContract } from './message-repository.contract';

describe('InMemoryMessageRepository', () => {
  const opened = { messages: new InMemoryMessageRepository({ org_1: ['app_1'] }), organizationId: 'org_1', application: 'app_1' };
  messageRepositoryContract(() => opened);
});
