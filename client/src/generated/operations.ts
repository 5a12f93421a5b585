// Generated from openapi.json by `npm run client`.
export const OPERATIONS = {
  /** Whether messages can be accepted */
  getHealth: ['GET', '/api/v1/health'],
  /** Whether anybody answers */
  pingHealth: ['GET', '/api/v1/health/ping'],
  /** Who did what in the organization, newest first */
  listAuditEntries: ['GET', '/api/v1/audit-log'],
  /** Register. The answer does not tell whether the address is known; the mail does, to its owner. */
  register: ['POST', '/api/v1/auth/register'],
  /** Confirm an address by the token or the code of the mail, and sign in */
  verifyEmail: ['POST', '/api/v1/auth/verify-email'],
  /** Sign in with e-mail address and password, and a code where there is a second factor */
  login: ['POST', '/api/v1/auth/login'],
  /** Exchange a refresh token for new tokens. Using one a second time ends the session, except within 10 seconds. */
  refresh: ['POST', '/api/v1/auth/refresh'],
  /** Sign out: ends the session of the access token, or of the refresh token in the body or the cookie */
  logout: ['POST', '/api/v1/auth/logout'],
  /** The signed-in person, and the organizations they belong to */
  getMe: ['GET', '/api/v1/users/me'],
  /** Change the name */
  updateMe: ['PATCH', '/api/v1/users/me'],
  /** Close the account: signs out at once, and erases the person and what they own alone in the background */
  eraseMe: ['DELETE', '/api/v1/users/me'],
  /** List where you are signed in */
  listSessions: ['GET', '/api/v1/users/me/sessions'],
  /** Sign out everywhere else */
  endOtherSessions: ['DELETE', '/api/v1/users/me/sessions'],
  /** Sign out on one device. Its access token is refused everywhere within 2 seconds. */
  endSession: ['DELETE', '/api/v1/users/me/sessions/{sessionId}'],
  /** Ask for a mail that leads to a new password. The answer does not tell whether the address is known. */
  forgotPassword: ['POST', '/api/v1/auth/forgot-password'],
  /** Set a new password by the token of the mail. Ends all sessions. */
  resetPassword: ['POST', '/api/v1/auth/reset-password'],
  /** Change the password. Ends all other sessions. */
  changePassword: ['POST', '/api/v1/users/me/password'],
  /** Ask for another e-mail address. Both addresses get a mail, and both must agree within 24 hours. */
  changeEmail: ['POST', '/api/v1/users/me/email'],
  /** Agree to a change of address by the token of a mail */
  confirmEmailChange: ['POST', '/api/v1/auth/confirm-email-change'],
  /** Begin to set up an authenticator app (TOTP) */
  startSecondFactor: ['POST', '/api/v1/users/me/second-factor'],
  /** Remove the second factor */
  removeSecondFactor: ['DELETE', '/api/v1/users/me/second-factor'],
  /** Confirm the app by its first code: from now on sign-in asks for one */
  confirmSecondFactor: ['POST', '/api/v1/users/me/second-factor/confirm'],
  /** Make new recovery codes. The old ones stop working. */
  renewRecoveryCodes: ['POST', '/api/v1/users/me/second-factor/recovery-codes'],
  /** Collect all that is known of the signed-in person, in the background */
  exportMe: ['POST', '/api/v1/users/me/export'],
  /** How far an export is, and what it holds */
  getMyExport: ['GET', '/api/v1/users/me/export/{taskId}'],
  /** List the API keys of the organization, without their tokens */
  listApiKeys: ['GET', '/api/v1/api-key'],
  /** Make an API key for the organization */
  createApiKey: ['POST', '/api/v1/api-key'],
  /** Rename an API key or change its scopes. They hold everywhere within 2 seconds. */
  patchApiKey: ['PATCH', '/api/v1/api-key/{apiKeyId}'],
  /** Revoke an API key. It is refused everywhere within 2 seconds. */
  revokeApiKey: ['DELETE', '/api/v1/api-key/{apiKeyId}'],
  /** Get a link that lets the owner of one application manage its endpoints */
  openPortal: ['POST', '/api/v1/auth/app-portal-access/{app_id}'],
  /** The former name of `openPortal` */
  openDashboard: ['POST', '/api/v1/auth/dashboard-access/{app_id}'],
  /** End the portal tokens of an application, at once or in a while. Then they are refused everywhere within 2 seconds. */
  endPortalAccess: ['POST', '/api/v1/auth/app/{app_id}/expire-all'],
  /** With whose accounts people can sign in */
  listIdentityProviders: ['GET', '/api/v1/auth/oidc'],
  /** List the organizations that the caller belongs to */
  listOrganizations: ['GET', '/api/v1/organization'],
  /** Create an organization, and own it */
  createOrganization: ['POST', '/api/v1/organization'],
  /** Get an organization */
  getOrganization: ['GET', '/api/v1/organization/{organizationId}'],
  /** Rename an organization */
  updateOrganization: ['PATCH', '/api/v1/organization/{organizationId}'],
  /** Delete an organization: closed at once, erased after some days in which it can be restored */
  deleteOrganization: ['DELETE', '/api/v1/organization/{organizationId}'],
  /** Take the deletion of an organization back */
  restoreOrganization: ['POST', '/api/v1/organization/{organizationId}/restore'],
  /** Make another member the owner. The caller becomes an admin. */
  transferOrganization: ['POST', '/api/v1/organization/{organizationId}/transfer'],
  /** Leave an organization */
  leaveOrganization: ['POST', '/api/v1/organization/{organizationId}/leave'],
  /** List the members of an organization */
  listMembers: ['GET', '/api/v1/organization/{organizationId}/member'],
  /** Get a member */
  getMember: ['GET', '/api/v1/organization/{organizationId}/member/{userId}'],
  /** Change the role of a member. It holds everywhere within 2 seconds. */
  changeRole: ['PATCH', '/api/v1/organization/{organizationId}/member/{userId}'],
  /** Remove a member. They are refused everywhere within 2 seconds. */
  removeMember: ['DELETE', '/api/v1/organization/{organizationId}/member/{userId}'],
  /** List the invitations that were neither accepted nor revoked */
  listInvitations: ['GET', '/api/v1/organization/{organizationId}/invitation'],
  /** Invite somebody by mail, for seven days */
  createInvitation: ['POST', '/api/v1/organization/{organizationId}/invitation'],
  /** Send another mail with a new link, good for seven days */
  resendInvitation: ['POST', '/api/v1/organization/{organizationId}/invitation/{invitationId}/resend'],
  /** Revoke an invitation: its link ends at once */
  revokeInvitation: ['DELETE', '/api/v1/organization/{organizationId}/invitation/{invitationId}'],
  /** Accept an invitation to the address of the signed-in account */
  acceptInvitation: ['POST', '/api/v1/invitation/accept'],
  /** List background tasks of the organization, newest first */
  listBackgroundTasks: ['GET', '/api/v1/background-task'],
  /** Get a background task */
  getBackgroundTask: ['GET', '/api/v1/background-task/{task_id}'],
  /** End a running background task; one that is over stays as it is */
  cancelBackgroundTask: ['POST', '/api/v1/background-task/{task_id}/cancel'],
  /** List applications */
  listApplications: ['GET', '/api/v1/app'],
  /** Create an application */
  createApplication: ['POST', '/api/v1/app'],
  /** Get an application */
  getApplication: ['GET', '/api/v1/app/{app_id}'],
  /** Replace an application, or create it */
  upsertApplication: ['PUT', '/api/v1/app/{app_id}'],
  /** Change some settings of an application */
  patchApplication: ['PATCH', '/api/v1/app/{app_id}'],
  /** Delete an application with its endpoints */
  deleteApplication: ['DELETE', '/api/v1/app/{app_id}'],
  /** List event types by name */
  listEventTypes: ['GET', '/api/v1/event-type'],
  /** Create an event type, or revive an archived one */
  createEventType: ['POST', '/api/v1/event-type'],
  /** Get an event type */
  getEventType: ['GET', '/api/v1/event-type/{event_type_name}'],
  /** Replace an event type, or create it */
  upsertEventType: ['PUT', '/api/v1/event-type/{event_type_name}'],
  /** Change some settings of an event type */
  patchEventType: ['PATCH', '/api/v1/event-type/{event_type_name}'],
  /** Archive an event type, or remove it for good */
  deleteEventType: ['DELETE', '/api/v1/event-type/{event_type_name}'],
  /** Make and update event types from the webhooks of an OpenAPI document: all of them or none */
  importEventTypes: ['POST', '/api/v1/event-type/import/openapi'],
  /** Export the configuration of the organization, for browsers and scripts */
  downloadEnvironment: ['GET', '/api/v1/environment/export'],
  /** Export the configuration of the organization */
  exportEnvironment: ['POST', '/api/v1/environment/export'],
  /** Add and update what an export contains: all of it or nothing */
  importEnvironment: ['POST', '/api/v1/environment/import'],
  /** List the endpoints of an application */
  listEndpoints: ['GET', '/api/v1/app/{app_id}/endpoint'],
  /** Create an endpoint */
  createEndpoint: ['POST', '/api/v1/app/{app_id}/endpoint'],
  /** Get an endpoint */
  getEndpoint: ['GET', '/api/v1/app/{app_id}/endpoint/{endpoint_id}'],
  /** Replace an endpoint, or create it */
  upsertEndpoint: ['PUT', '/api/v1/app/{app_id}/endpoint/{endpoint_id}'],
  /** Change some settings of an endpoint */
  patchEndpoint: ['PATCH', '/api/v1/app/{app_id}/endpoint/{endpoint_id}'],
  /** Delete an endpoint */
  deleteEndpoint: ['DELETE', '/api/v1/app/{app_id}/endpoint/{endpoint_id}'],
  /** Get the key by which a receiver verifies */
  getEndpointSecret: ['GET', '/api/v1/app/{app_id}/endpoint/{endpoint_id}/secret'],
  /** Sign with a new key, and for a while with the old one as well */
  rotateEndpointSecret: ['POST', '/api/v1/app/{app_id}/endpoint/{endpoint_id}/secret/rotate'],
  /** Get the headers that deliveries carry */
  getEndpointHeaders: ['GET', '/api/v1/app/{app_id}/endpoint/{endpoint_id}/headers'],
  /** Replace all headers */
  setEndpointHeaders: ['PUT', '/api/v1/app/{app_id}/endpoint/{endpoint_id}/headers'],
  /** Set some headers, take some away */
  patchEndpointHeaders: ['PATCH', '/api/v1/app/{app_id}/endpoint/{endpoint_id}/headers'],
  /** Get the code that changes the messages of an endpoint */
  getEndpointTransformation: ['GET', '/api/v1/app/{app_id}/endpoint/{endpoint_id}/transformation'],
  /** Change the code that changes the messages of an endpoint */
  patchEndpointTransformation: ['PATCH', '/api/v1/app/{app_id}/endpoint/{endpoint_id}/transformation'],
  /** List messages, newest first */
  listMessages: ['GET', '/api/v1/app/{app_id}/msg'],
  /** Hand in a message for delivery */
  createMessage: ['POST', '/api/v1/app/{app_id}/msg'],
  /** Hand in up to 500 messages at once */
  createMessages: ['POST', '/api/v1/app/{app_id}/msg/batch'],
  /** Find out whether any endpoint would get such a message; filters, which ask for the payload, are not asked */
  precheckMessage: ['POST', '/api/v1/app/{app_id}/msg/precheck/active'],
  /** Get a message by its id or event id */
  getMessage: ['GET', '/api/v1/app/{app_id}/msg/{msg_id}'],
  /** Cancel a message that waits for its time */
  cancelMessage: ['DELETE', '/api/v1/app/{app_id}/msg/{msg_id}'],
  /** Delete the payload of a message for good */
  expungeMessageContent: ['DELETE', '/api/v1/app/{app_id}/msg/{msg_id}/content'],
  /** Delete the payloads of several messages for good */
  expungeMessageContents: ['POST', '/api/v1/app/{app_id}/msg/bulk-expunge'],
  /** Delete the payloads of all messages of an application for good */
  expungeAllMessageContents: ['POST', '/api/v1/app/{app_id}/msg/expunge-all-contents'],
  /** Let an endpoint show that it wants to be called */
  challengeEndpoint: ['POST', '/api/v1/app/{app_id}/endpoint/{endpoint_id}/challenge'],
  /** List the attempts at an endpoint, newest first */
  listAttemptsByEndpoint: ['GET', '/api/v1/app/{app_id}/attempt/endpoint/{endpoint_id}'],
  /** List the attempts of a message, newest first */
  listAttemptsByMessage: ['GET', '/api/v1/app/{app_id}/attempt/msg/{msg_id}'],
  /** Former path of `attempt/msg/{msg_id}` */
  listAttempts: ['GET', '/api/v1/app/{app_id}/msg/{msg_id}/attempt'],
  /** List the attempts to bring a message to an endpoint, newest first */
  listAttemptsOfDelivery: ['GET', '/api/v1/app/{app_id}/msg/{msg_id}/endpoint/{endpoint_id}/attempt'],
  /** Get an attempt */
  getAttempt: ['GET', '/api/v1/app/{app_id}/msg/{msg_id}/attempt/{attempt_id}'],
  /** Delete for good what a receiver answered */
  expungeAttemptContent: ['DELETE', '/api/v1/app/{app_id}/msg/{msg_id}/attempt/{attempt_id}/content'],
  /** List the messages that went to an endpoint, newest first */
  listEndpointMessages: ['GET', '/api/v1/app/{app_id}/endpoint/{endpoint_id}/msg'],
  /** List the endpoints that a message went to */
  listMessageEndpoints: ['GET', '/api/v1/app/{app_id}/msg/{msg_id}/endpoint'],
  /** Find out why each endpoint got a message or did not */
  explainMessage: ['GET', '/api/v1/app/{app_id}/msg/{msg_id}/explain'],
  /** Count what went to an endpoint, by outcome */
  getEndpointStats: ['GET', '/api/v1/app/{app_id}/endpoint/{endpoint_id}/stats'],
  /** Send a message to an endpoint again */
  resendMessage: ['POST', '/api/v1/app/{app_id}/msg/{msg_id}/endpoint/{endpoint_id}/resend'],
  /** Send what failed again, of at most 14 days */
  recoverEndpoint: ['POST', '/api/v1/app/{app_id}/endpoint/{endpoint_id}/recover'],
  /** Send what the endpoint wants and was never sent */
  replayMissing: ['POST', '/api/v1/app/{app_id}/endpoint/{endpoint_id}/replay-missing'],
  /** Send all that matches a filter again, whatever became of it */
  bulkReplay: ['POST', '/api/v1/app/{app_id}/endpoint/{endpoint_id}/bulk-replay'],
  /** Enable an endpoint again, and send what it missed */
  enableEndpoint: ['POST', '/api/v1/app/{app_id}/endpoint/{endpoint_id}/enable'],
  /** Send the example of an event type to this endpoint only */
  sendEventExample: ['POST', '/api/v1/app/{app_id}/endpoint/{endpoint_id}/send-example'],
  /** Try code that changes messages, and send nothing */
  simulateEndpointTransformation: ['POST', '/api/v1/app/{app_id}/endpoint/{endpoint_id}/transformation/simulate'],
  /** List the operational webhooks of the organization */
  listOperationalWebhooks: ['GET', '/api/v1/operational-webhook/endpoint'],
  /** Create an operational webhook */
  createOperationalWebhook: ['POST', '/api/v1/operational-webhook/endpoint'],
  /** Get an operational webhook */
  getOperationalWebhook: ['GET', '/api/v1/operational-webhook/endpoint/{endpoint_id}'],
  /** Replace an operational webhook, or create it */
  upsertOperationalWebhook: ['PUT', '/api/v1/operational-webhook/endpoint/{endpoint_id}'],
  /** Change some settings of an operational webhook */
  patchOperationalWebhook: ['PATCH', '/api/v1/operational-webhook/endpoint/{endpoint_id}'],
  /** Delete an operational webhook */
  deleteOperationalWebhook: ['DELETE', '/api/v1/operational-webhook/endpoint/{endpoint_id}'],
  /** Get the key by which a receiver verifies */
  getOperationalWebhookSecret: ['GET', '/api/v1/operational-webhook/endpoint/{endpoint_id}/secret'],
  /** Sign with a new key, and for a while with the old one as well */
  rotateOperationalWebhookSecret: ['POST', '/api/v1/operational-webhook/endpoint/{endpoint_id}/secret/rotate'],
  /** Let an operational webhook show that it wants to be called */
  challengeOperationalWebhook: ['POST', '/api/v1/operational-webhook/endpoint/{endpoint_id}/challenge'],
  /** Get the headers that deliveries carry */
  getOperationalWebhookHeaders: ['GET', '/api/v1/operational-webhook/endpoint/{endpoint_id}/headers'],
  /** Replace all headers */
  setOperationalWebhookHeaders: ['PUT', '/api/v1/operational-webhook/endpoint/{endpoint_id}/headers'],
  /** Set some headers, take some away */
  patchOperationalWebhookHeaders: ['PATCH', '/api/v1/operational-webhook/endpoint/{endpoint_id}/headers'],
  /** Count the deliveries of applications, by a background task whose data is `{"appStats":[{"appId","appUid","messageDestinations"}]}` */
  countApplicationUsage: ['POST', '/api/v1/stats/usage/app'],
  /** Find out what applications subscribe to, by a background task whose data is `{"event_types":[{"appId",…}]}` */
  aggregateEventTypes: ['PUT', '/api/v1/stats/usage/event-types'],
} as const;
