import { Platform1764000000001 } from './1764000000001-platform';
import { Accounts1764000000002 } from './1764000000002-accounts';
import { WebhookConfiguration1764000000003 } from './1764000000003-webhook-configuration';
import { MessagesAndDeliveries1764000000004 } from './1764000000004-messages-and-deliveries';
import { Access1764000000005 } from './1764000000005-access';
import { Credentials1764000000006 } from './1764000000006-credentials';
import { Sessions1764000000007 } from './1764000000007-sessions';
import { OrganizationsAndAudit1764000000008 } from './1764000000008-organizations-and-audit';
import { Tasks1764000000009 } from './1764000000009-tasks';
import { SignInThrottle1764000000010 } from './1764000000010-sign-in-throttle';
import { MessageOptions1764000000011 } from './1764000000011-message-options';
import { Recovery1764000000012 } from './1764000000012-recovery';
import { Idempotency1764000000014 } from './1764000000014-idempotency';
import { EndpointDeliverySettings1764000000015 } from './1764000000015-endpoint-delivery-settings';
import { EndpointHealth1764000000016 } from './1764000000016-endpoint-health';
import { OperationalWebhooks1764000000017 } from './1764000000017-operational-webhooks';
import { PortalExpiry1764000000018 } from './1764000000018-portal-expiry';
import { DeliveryOrderAndLimits1764000000019 } from './1764000000019-delivery-order-and-limits';
import { EndpointFilters1764000000020 } from './1764000000020-endpoint-filters';
import { ShareOfFailures1764000000023 } from './1764000000023-share-of-failures';
import { Retention1764000000025 } from './1764000000025-retention';
import { EndpointTransformations1764000000027 } from './1764000000027-endpoint-transformations';
import { MessageTrace1764000000040 } from './1764000000040-message-trace';
import { OlderEvents1764000000041 } from './1764000000041-older-events';
import { LeanAttempts1764000000042 } from './1764000000042-lean-attempts';

/** In the order in which they run. */
export const MIGRATIONS = [
  Platform1764000000001,
  Accounts1764000000002,
  WebhookConfiguration1764000000003,
  MessagesAndDeliveries1764000000004,
  Access1764000000005,
  Credentials1764000000006,
  Sessions1764000000007,
  OrganizationsAndAudit1764000000008,
  Tasks1764000000009,
  SignInThrottle1764000000010,
  MessageOptions1764000000011,
  Recovery1764000000012,
  Idempotency1764000000014,
  EndpointDeliverySettings1764000000015,
  EndpointHealth1764000000016,
  OperationalWebhooks1764000000017,
  PortalExpiry1764000000018,
  DeliveryOrderAndLimits1764000000019,
  EndpointFilters1764000000020,
  ShareOfFailures1764000000023,
  Retention1764000000025,
  EndpointTransformations1764000000027,
  MessageTrace1764000000040,
  OlderEvents1764000000041,
  LeanAttempts1764000000042,
];
