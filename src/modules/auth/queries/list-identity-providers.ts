import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { CONFIG, type Config } from '../../../config/env';

export type IdentityProviderView = { readonly id: string; readonly name: string };

export class ListIdentityProviders extends Query<{ readonly data: readonly IdentityProviderView[] }> {}

@QueryHandler(ListIdentityProviders)
export class ListIdentityProvidersHandler implements IQueryHandler<ListIdentityProviders> {
  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'oidcProviders'>) {}

  async execute() {
    return Promise.resolve({ data: this.config.oidcProviders.map(({ id, name }) => ({ id, name })) });
  }
}
