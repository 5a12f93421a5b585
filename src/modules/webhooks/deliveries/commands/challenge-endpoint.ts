import { randomBytes } from 'node:crypto';
import { Command, CommandBus, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { newId } from '../../../../platform/ids/id';
import { Clock } from '../../../../platform/time/clock';
import type { ApplicationRef } from '../../applications';
import { GetEndpointTarget, VerifyEndpoint } from '../../endpoints';
import { CHALLENGE_HEADER, challengeVerdict } from '../domain/challenge';
import { WebhookSender } from '../domain/webhook-sender';
import { signedHeaders } from '../signed-headers';

export type ChallengeResult = { readonly verified: boolean; readonly reason: string; readonly verifiedAt: Date | null };

/** Asks the receiver of an endpoint to show that it wants to be called there. @throws EntityNotFound */
export class ChallengeEndpoint extends Command<ChallengeResult> {
  constructor(
    readonly organizationId: string,
    readonly application: ApplicationRef,
    readonly endpoint: string,
  ) {
    super();
  }
}

/** The caller waits for it, so it is shorter than that of a delivery. */
const DEADLINE_MS = 5_000;
/** Without the value: a server that only sends back what it is sent has not answered. */
const BODY = Buffer.from('{"type":"endpoint.challenge"}');

@CommandHandler(ChallengeEndpoint)
export class ChallengeEndpointHandler implements ICommandHandler<ChallengeEndpoint> {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
    private readonly sender: WebhookSender,
    private readonly clock: Clock,
  ) {}

  async execute({ organizationId, application, endpoint }: ChallengeEndpoint): Promise<ChallengeResult> {
    const target = await this.queries.execute(new GetEndpointTarget(organizationId, application, endpoint));
    const challenge = randomBytes(24).toString('base64url');
    const headers = { ...signedHeaders(newId('chal'), target, BODY, this.clock.now()), [CHALLENGE_HEADER]: challenge };
    const request = { method: 'POST', url: target.url, headers, body: BODY, timeoutMs: DEADLINE_MS } as const;
    const outcome = await this.sender.send(request, new AbortController().signal);
    if (outcome.kind === 'aborted') throw new Error('A challenge ends by its deadline: nobody aborts it.');
    const reason = challengeVerdict(challenge, outcome);
    if (reason !== 'ok') return { verified: false, reason, verifiedAt: null };
    const verifiedAt = await this.commands.execute(new VerifyEndpoint({ organizationId, application, endpoint }, target.url));
    return { verified: verifiedAt !== null, reason: verifiedAt ? reason : 'url_changed', verifiedAt };
  }
}
