import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Cipher } from '../../../../platform/crypto/cipher';
import { Sql } from '../../../../platform/database/sql';
import { EntityNotFound } from '../../../../platform/errors/domain-error';
import { IDENTIFIER, isIdOf } from '../../../../platform/ids/reference';
import type { MessageView } from '../message-json';
import { MESSAGE_COLUMNS, type MessageRow, messageView } from './message-row';

/** By id or event id. @throws EntityNotFound */
export class GetMessage extends Query<MessageView> {
  constructor(
    readonly organizationId: string,
    readonly applicationId: string,
    readonly idOrEventId: string,
    readonly withContent = true,
  ) {
    super();
  }
}

const BY_ID = {
  name: 'message.get',
  text: `SELECT ${MESSAGE_COLUMNS} FROM message WHERE id = $3 AND organization_id = $1 AND application_id = $2`,
};
const ID_OF_EVENT = {
  name: 'message.id_of_event',
  text: 'SELECT message_id FROM message_event_id WHERE application_id = $1 AND event_id = $2',
};

@QueryHandler(GetMessage)
export class GetMessageHandler implements IQueryHandler<GetMessage> {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: Cipher,
  ) {}

  async execute({ organizationId, applicationId, idOrEventId, withContent }: GetMessage): Promise<MessageView> {
    if (!IDENTIFIER.test(idOrEventId)) throw new EntityNotFound();
    const id = isIdOf('msg', idOrEventId) ? idOrEventId : await this.idOfEvent(applicationId, idOrEventId);
    const [row] = await this.sql.run<MessageRow>(BY_ID, [organizationId, applicationId, id]);
    if (!row) throw new EntityNotFound();
    return messageView(this.cipher, row, withContent);
  }

  private async idOfEvent(applicationId: string, eventId: string): Promise<string | undefined> {
    const [row] = await this.sql.run<{ message_id: string }>(ID_OF_EVENT, [applicationId, eventId]);
    return row?.message_id;
  }
}
