import type { EndpointNoticeDue } from '../notifications.events';
import { withoutLinks } from './mail-content';
import type { Notice } from './notifier';

export type Named = { readonly application: string; readonly endpoint: string; readonly link: string };

/** Names are those that customers chose: they are shown only where no reader makes a link of them. */
export function endpointNotice(
  { reason, failingSince, disablesAt, endpointId, applicationId }: Omit<EndpointNoticeDue, 'userId'>,
  { application, endpoint, link }: Named,
): Notice {
  const name = withoutLinks(endpoint) ?? endpointId;
  const place = `The endpoint ${name} of ${withoutLinks(application) ?? applicationId}`;
  const since = failingSince === null ? '' : ` since ${minute(failingSince)}`;
  const [title, ...paragraphs] =
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
  return { title, paragraphs, link: { url: link, label: 'Show the endpoint' } };
}

/** `2026-01-31 12:00 UTC` */
function minute(instant: string): string {
  return `${instant.slice(0, 16).replace('T', ' ')} UTC`;
}
