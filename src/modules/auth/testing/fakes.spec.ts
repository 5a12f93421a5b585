import { apiKeyRepositoryContract } from './api-key-repository.contract';
import { InMemoryApiKeyRepository } from './in-memory-api-key.repository';
import { ReadableTokenSigner } from './readable-token-signer';
import { tokenSignerContract } from './token-signer.contract';

describe('InMemoryApiKeyRepository', () => {
  const apiKeys = new InMemoryApiKeyRepository();
  apiKeyRepositoryContract(() => apiKeys);
});

describe('ReadableTokenSigner', () => {
  tokenSignerContract(
    () => new ReadableTokenSigner(),
    (token) => ReadableTokenSigner.read(token),
  );
});
