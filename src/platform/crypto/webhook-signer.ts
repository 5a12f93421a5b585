/** A key that signs, ready to be used: making it may cost as much as signing, so it is kept. */
export type SigningKey = {
  /** The signature of these bytes, without its version. Never throws. */
  readonly sign: (content: Buffer) => Buffer;
  /** What a receiver verifies by, as it is written: the key itself where both sides share it, else its public half. */
  readonly verifiedBy: string;
};

/**
 * Port, an extension point: one way to sign webhooks. A key is written as `<prefix>_<base64>`, and what it makes as
 * `<version>,<base64>` in the `webhook-signature` header of Standard Webhooks.
 */
export abstract class WebhookSigner {
  /** Letters only, and no other signer's: `whsec`. */
  abstract readonly prefix: string;
  /** Letters and digits only, and no other signer's: `v1`. */
  abstract readonly version: string;
  /** What a key looks like, for those who wrote one wrongly: `"whsec_" and …`. */
  abstract readonly form: string;
  /** The key that these bytes are, or null when they are none. Never throws: they come from callers of the API. */
  abstract keyOf(bytes: Buffer): SigningKey | null;
}

const declared: WebhookSigner[] = [];

/** Makes its keys usable for endpoints; once, where the module is loaded. */
export function defineSigner<Signer extends WebhookSigner>(signer: Signer): Signer {
  const twin = declared.find(({ prefix, version }) => prefix === signer.prefix || version === signer.version);
  if (twin) throw new Error(`Two signers have the prefix ${signer.prefix} or make ${signer.version}: see ${twin.constructor.name}.`);
  declared.push(signer);
  return signer;
}

export function signers(): readonly WebhookSigner[] {
  return declared;
}
