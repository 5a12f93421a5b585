import { apiKeyRepositoryContract } from './api-key-repository.contract';
import { InMemoryApiKeyRepository } from './in-memory-api-key.repository';
import { InMemorySessionRepository } from './in-memory-session.repository';
import { ReadableTokenSigner } from './readable-token-signer';
import { sessionRepositoryContract } from './session-repository.contract';
import { tokenSignerContract } from './token-signer.contract';

describe('InMemoryApiKeyRepository', () => {
  const apiKeys = new InMemoryApiKeyRepository();
  apiKeyRepositoryContract(() => apiKeys);
});

describe('InMemorySessionRepository', () => {
  const sessions = new InMemorySessionRepository();
  sessionRepositoryContract(() => sessions);
});

describe('ReadableTokenSigner', () => {
  tokenSignerContract(
    () => new ReadableTokenSigner(),
    (token) => ReadableTokenSigner.read(token),
  );
});
