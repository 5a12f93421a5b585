import { AddressGuard } from '../outbound/address-guard';
import { type Finding, ok, problem, warning } from './finding';

type Settings = {
  readonly production: boolean;
  readonly publicUrl: string;
  readonly allowedCidrs: readonly string[];
  readonly encryption: readonly { readonly id: string; readonly key: Buffer }[];
  readonly lookup: Buffer;
};

/** Where clouds tell their machines their credentials. */
const METADATA = ['169.254.169.254', 'fd00:ec2::254'];

/** What can be seen without asking anybody. That keys are long enough was checked when they were read. */
export function examineSettings({ production, publicUrl, allowedCidrs, encryption, lookup }: Settings): Finding[] {
  const keys = [...encryption.map(({ key }) => key), lookup].map((key) => key.toString('hex'));
  const guard = new AddressGuard(allowedCidrs);
  return [
    new Set(keys).size < keys.length
      ? problem('keys.strength', 'Two of the keys in ENCRYPTION_KEYS and LOOKUP_KEY are the same. Each must be random bytes of its own.')
      : ok('keys.strength', 'Every key is 32 bytes of its own.'),
    egress(guard, production),
    production && !publicUrl.startsWith('https:')
      ? warning('public-url', 'PUBLIC_URL is not https: links in mails and cookies travel in the clear.')
      : ok('public-url', 'PUBLIC_URL is fit for its environment.'),
  ];
}

function egress(guard: AddressGuard, production: boolean): Finding {
  if (METADATA.some((address) => guard.judge(address) === null))
    return problem('egress', 'DELIVERY_ALLOW_CIDRS lets tenants reach the metadata service of a cloud, and with it its credentials.');
  if (production && guard.allowsLoopback)
    return problem('egress', 'DELIVERY_ALLOW_CIDRS lets tenants reach this machine itself, its metrics included.');
  return guard.allowsInside
    ? warning('egress', 'DELIVERY_ALLOW_CIDRS lets tenants reach private networks. They must hold nothing that trusts its callers.')
    : ok('egress', 'Deliveries reach public addresses only.');
}
