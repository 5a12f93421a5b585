import { Body, Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Access } from '../../../../platform/http/access';
import { identifier } from '../../../../platform/http/fields';
import { bytesOf } from '../../../../platform/http/member-bytes';
import { OrganizationId } from '../../../../platform/http/principal';
import { EndpointTransform, EXAMPLE_CODE, shownHeader, transformationCode, transformationVariables } from '../../endpoints';
import { SimulateTransformation } from '../commands/simulate-transformation';
import { reasonText } from '../queries/reason-text';

const SimulateIn = z
  .object({
    code: transformationCode.meta({ description: 'Left out: that of the endpoint.', examples: [EXAMPLE_CODE] }),
    variables: transformationVariables.meta({ description: 'Left out: those of the endpoint.' }),
    eventType: identifier.meta({ examples: ['invoice.paid'] }),
    payload: z.unknown().meta({ description: 'Of the message.', examples: [{ invoice: 'in_1' }] }),
  })
  .meta({
    id: 'EndpointTransformationSimulateIn',
    examples: [{ code: EXAMPLE_CODE, eventType: 'invoice.paid', payload: { invoice: 'in_1' } }],
  });
type SimulateIn = z.output<typeof SimulateIn>;

const SimulateOut = z
  .object({
    outcome: z.enum(['changed', 'canceled', 'failed']),
    method: z.string().nullable(),
    url: z.string().nullable(),
    headers: z.record(z.string(), z.string()).nullable().meta({ description: 'Beside those of every delivery. Credentials are hidden.' }),
    payload: z
      .string()
      .nullable()
      .meta({ description: 'What would be sent, as text.', examples: ['{"text":"Paid: in_1"}'] }),
    reason: z
      .string()
      .nullable()
      .meta({ description: 'Of the attempt that would have failed.', examples: ['transformation_error'] }),
    reasonText: z.string().nullable(),
    error: z
      .string()
      .nullable()
      .meta({ description: 'For the author of the code.', examples: ["TypeError: cannot read property 'id' of undefined (line 2)"] }),
  })
  .meta({ id: 'EndpointTransformationSimulateOut' });
type SimulateOut = z.input<typeof SimulateOut>;

const NOTHING = { method: null, url: null, headers: null, payload: null, reason: null, reasonText: null, error: null };

@ApiTags('Endpoint')
@Controller('app/:app_id/endpoint/:endpoint_id/transformation/simulate')
export class TransformationController {
  constructor(private readonly commands: CommandBus) {}

  @Post()
  @Access(EndpointTransform)
  @HttpCode(200)
  @ApiOperation({
    operationId: 'simulateEndpointTransformation',
    summary: 'Try code that changes messages, and send nothing',
    description: 'Runs the code as a delivery would, within the same limits, whether it is enabled or not. Nothing is kept.',
  })
  @ApiResponse({ status: 200, standardSchema: SimulateOut })
  async simulate(
    @OrganizationId() organizationId: string,
    @Param('app_id') application: string,
    @Param('endpoint_id') endpoint: string,
    @Body({ schema: SimulateIn }) { code, variables, eventType }: SimulateIn,
    @Req() request: FastifyRequest,
  ): Promise<SimulateOut> {
    const payload = bytesOf(request.body).members.get('payload') ?? Buffer.from('{}');
    const tried = { code, variables, eventType, payload };
    const result = await this.commands.execute(new SimulateTransformation(organizationId, application, endpoint, tried));
    if (result.kind === 'changed') {
      const { method, url } = result.target;
      const headers = Object.fromEntries(Object.entries(result.target.headers).map(([name, value]) => [name, shownHeader(name, value)]));
      return { ...NOTHING, outcome: 'changed', method, url, headers, payload: result.payload.toString() };
    }
    if (result.kind === 'canceled') return { ...NOTHING, outcome: 'canceled' };
    if (result.kind === 'aborted') throw new Error('Nobody aborts it.');
    const reason = `transformation_${result.flaw}`;
    return { ...NOTHING, outcome: 'failed', reason, reasonText: reasonText(reason), error: result.message };
  }
}
