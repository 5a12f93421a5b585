import { Injectable } from '@nestjs/common';
import { AddressGuard } from '../../../../platform/outbound/address-guard';
import { type TransformationFailure, Transformer } from '../../../../platform/transformation/transformer';
import { checkedTarget, type Target } from '../../endpoints';
import type { Receiver } from '../domain/claimed-delivery';

/** A message on its way to an endpoint, and the code of its owner. */
export type Untransformed = {
  /** Whose turn it takes: code is of a customer, so one application does not wait for that of another. */
  readonly tenant: string;
  readonly eventType: string;
  readonly receiver: Pick<Receiver, 'url' | 'headers'> & { readonly transformation: NonNullable<Receiver['transformation']> };
  readonly payload: Buffer;
};

export type Transformed =
  | { readonly kind: 'changed'; readonly target: Target; readonly payload: Buffer }
  | { readonly kind: 'canceled' }
  | TransformationFailure
  | { readonly kind: 'aborted' };

/** What the code of an owner makes of a message. Nothing that comes out of it is trusted: it is held to the rules for what is set by hand. */
@Injectable()
export class MessageTransformation {
  constructor(
    private readonly transformer: Transformer,
    private readonly guard: AddressGuard,
  ) {}

  async apply({ tenant, eventType, receiver, payload }: Untransformed, signal?: AbortSignal): Promise<Transformed> {
    const { url, headers, transformation } = receiver;
    const original = { method: 'POST', url, headers } as const;
    const request = { ...original, eventType, variables: transformation.variables };
    const result = await this.transformer.transform({ tenant, code: transformation.code, request, payload }, signal);
    if (result.kind !== 'returned') return result;
    if (result.request.cancel) return { kind: 'canceled' };
    const target = checkedTarget(result.request, original, this.guard);
    if (typeof target === 'string') return { kind: 'failed', flaw: 'invalid', message: target.slice(0, 500) };
    return { kind: 'changed', target, payload: result.payload };
  }
}
