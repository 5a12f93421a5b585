import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { InvalidField } from '../../../../platform/errors/domain-error';
import type { ApplicationRef } from '../../applications';
import { GetEndpointTarget, GetTransformation } from '../../endpoints';
import { MessageTransformation, type Transformed } from './message-transformation';

/** Runs the code of an endpoint, or code that may become it, and sends nothing. @throws EntityNotFound @throws InvalidField */
export class SimulateTransformation extends Command<Transformed> {
  constructor(
    readonly organizationId: string,
    readonly application: ApplicationRef,
    readonly endpoint: string,
    /** What is undefined is that of the endpoint. */
    readonly tried: {
      readonly code: string | null | undefined;
      readonly variables: Readonly<Record<string, string>> | null | undefined;
      readonly eventType: string;
      readonly payload: Buffer;
    },
  ) {
    super();
  }
}

@CommandHandler(SimulateTransformation)
export class SimulateTransformationHandler implements ICommandHandler<SimulateTransformation> {
  constructor(
    private readonly queries: QueryBus,
    private readonly transformation: MessageTransformation,
  ) {}

  async execute({ organizationId, application, endpoint, tried }: SimulateTransformation): Promise<Transformed> {
    const [{ url, headers }, stored] = await Promise.all([
      this.queries.execute(new GetEndpointTarget(organizationId, application, endpoint)),
      this.queries.execute(new GetTransformation(organizationId, application, endpoint)),
    ]);
    const code = tried.code ?? stored.code;
    if (code === null) throw new InvalidField(['body', 'code'], 'The endpoint has no code yet: give some.');
    const transformation = { code, variables: tried.variables ?? stored.variables ?? {} };
    const { eventType, payload } = tried;
    return this.transformation.apply({ tenant: organizationId, eventType, receiver: { url, headers, transformation }, payload });
  }
}
