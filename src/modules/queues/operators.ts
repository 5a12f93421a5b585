import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Permission } from '../../platform/access/permission';
import { GetApiKeyGrant } from '../auth';

export type Verdict = { readonly is: 'unknown' } | { readonly is: 'refused' } | { readonly is: 'admitted'; readonly keyId: string };

/** Who may look after the installation: API keys of one organization, with the permission for it. Asked anew for each request. */
@Injectable()
export class Operators {
  constructor(private readonly queries: QueryBus) {}

  async admit(authorization: string | undefined, organizationId: string, { name }: Permission): Promise<Verdict> {
    const token = tokenOf(authorization ?? '');
    const grant = token === null ? null : await this.queries.execute(new GetApiKeyGrant(token));
    if (!grant) return { is: 'unknown' };
    const granted = grant.organizationId === organizationId && (grant.scopes === null || grant.scopes.includes(name));
    return granted ? { is: 'admitted', keyId: grant.id } : { is: 'refused' };
  }
}

/** As a program sends it, or as the password that a browser asked for. */
function tokenOf(authorization: string): string | null {
  const [, scheme, value] = /^(bearer|basic) (\S+)$/i.exec(authorization) ?? [];
  if (scheme === undefined || value === undefined) return null;
  if (/bearer/i.test(scheme)) return value;
  return /^[^:]*:(.*)$/s.exec(Buffer.from(value, 'base64').toString())?.[1] ?? null;
}
