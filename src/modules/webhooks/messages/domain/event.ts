/** What is handed in: an event for the endpoints of an application. What is left out is as if it were null. */
export type Event = {
  readonly eventType: string;
  readonly payload: Buffer;
  readonly eventId?: string | null | undefined;
  readonly channels?: readonly string[] | null | undefined;
  readonly tags?: readonly string[] | null | undefined;
  readonly contentType?: string | null | undefined;
  readonly deliverAt?: Date | null | undefined;
  readonly retentionHours?: number | null | undefined;
  readonly endpointId?: string | null | undefined;
  /** To be made if it is not there. */
  readonly application?: InlineApplication | null | undefined;
};

export type InlineApplication = {
  readonly settings: {
    readonly uid?: string | null | undefined;
    readonly name: string;
    readonly metadata: Readonly<Record<string, string>>;
    readonly throttleRate: number | null;
  };
  /** Whether the caller may make one. */
  readonly permitted: boolean;
};
