import { apiKeyRepositoryContract } from './api-key-repository.contract';
import { InMemoryApiKeyRepository } from './in-memory-api-key.repository';
import { InMemoryPortalEnds } from './in-memory-portal-ends';
import { InMemorySessionRepository } from './in-memory-session.repository';
import { InMemorySignInThrottle } from './in-memory-sign-in-throttle';
import { portalEndsContract } from './portal-ends.contract';
import { ReadableTokenSigner } from './readable-token-signer';
import { sessionRepositoryContract } from './session-repository.contract';
import { signInThrottleContract } from './sign-in-throttle.contract';
import { tokenSignerContract } from './token-signer.contract';

describe('InMemoryApiKeyRepository', () => {
  const apiKeys = new InMemoryApiKeyRepository();
  apiKeyRepositoryContract(() => apiKeys);
});

describe('InMemoryPortalEnds', () => {
  const ends = new InMemoryPortalEnds();
  portalEndsContract(
    () => ends,
    async (...token) => ends.covers(...token),
  );
});

describe('InMemorySessionRepository', () => {
  const sessions = new InMemorySessionRepository();
  sessionRepositoryContract(() => sessions);
});

describe('InMemorySignInThrottle', () => {
  const throttle = new InMemorySignInThrottle();
  signInThrottleContract(() => throttle);
});

describe('ReadableTokenSigner', () => {
  tokenSignerContract(
    () => new ReadableTokenSigner(),
    (token) => ReadableTokenSigner.read(token),
  );
});
