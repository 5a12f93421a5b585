import type { EndpointNoticeDue } from '../notifications.events';
import { greeting, type MailContent, renderMail, withoutLinks } from './mail-content';

export type Named = { readonly recipient: string; readonly application: string; readonly endpoint: string; readonly link: string };

/** Names are those that customers chose: they are shown only where no reader makes a link of them. */
export function endpointNoticeMail(
  { reason, failingSince, disablesAt, endpointId, applicationId }: EndpointNoticeDue,
  { recipient, application, endpoint, link }: Named,
): MailContent {
  const name = withoutLinks(endpoint) ?? endpointId;
  const place = `The endpoint ${name} of ${withoutLinks(application) ?? applicationId}`;
  const since = failingSince === null ? '' : ` since ${minute(failingSince)}`;
  const [subject, ...sentences] =
    disablesAt !== null
      ? [
          `Nothing arrives at ${name}`,
          `${place} has answered no attempt with success${since}. If this goes on, it will be disabled at ${minute(disablesAt)}.`,
          'Until then messages for it are tried again by its schedule. Look at its last attempts for the reason, and have it repaired:',
        ]
      : [
          `${name} was disabled`,
          reason === 'gone'
            ? `${place} answered 410 Gone: it wants no more messages. It was disabled.`
            : `${place} has answered no attempt with success${since}. It was disabled.`,
          'Messages for it are kept and not sent. When it is repaired, enable it and recover what it missed:',
        ];
  return renderMail(subject, [greeting(recipient), ...sentences, { link, label: 'Show the endpoint' }, REASON]);
}

const REASON = 'You get this mail because you are an owner or admin of the organization.';

/** `2026-01-31 12:00 UTC` */
function minute(instant: string): string {
  return `${instant.slice(0, 16).replace('T', ' ')} UTC`;
}
