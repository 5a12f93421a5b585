import { newId } from '../../../../platform/ids/id';
import { Endpoint, EndpointRules, type EndpointSettings } from '../domain/endpoint';
import { ENDPOINT_ID } from '../domain/endpoint.repository';

export const NOW = new Date('2026-01-02T03:04:05.678Z');
export const KEY = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

export function endpointSettings(changes: Partial<EndpointSettings> = {}): EndpointSettings {
  return {
    uid: null,
    url: 'https://example.com/hook',
    description: '',
    disabled: false,
    eventTypes: null,
    channels: null,
    filter: null,
    throttleRate: null,
    ordering: 'none',
    maxInFlight: null,
    timeoutMs: null,
    retrySchedule: null,
    metadata: {},
    ...changes,
  };
}

/** An endpoint may be used at once. */
export const NO_RULES = new EndpointRules(false);

export function anEndpoint(owner: { organizationId: string; applicationId: string }, changes: Partial<EndpointSettings> = {}): Endpoint {
  return Endpoint.create(newId(ENDPOINT_ID), owner, endpointSettings(changes), { key: KEY, headers: { 'X-Tenant': 'a' } }, NOW, NO_RULES);
}
