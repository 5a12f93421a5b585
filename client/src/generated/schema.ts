// Generated from openapi.json by `npm run client`.
export interface paths {
    "/api/v1/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether messages can be accepted */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/health/ping": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether anybody answers */
        get: operations["pingHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who did what in the organization, newest first */
        get: operations["listAuditEntries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Register. The answer does not tell whether the address is known; the mail does, to its owner. */
        post: operations["register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/verify-email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Confirm an address by the token or the code of the mail, and sign in */
        post: operations["verifyEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in with e-mail address and password, and a code where there is a second factor */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Exchange a refresh token for new tokens. Using one a second time ends the session, except within 10 seconds. */
        post: operations["refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign out: ends the session of the access token, or of the refresh token in the body or the cookie */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The signed-in person, and the organizations they belong to */
        get: operations["getMe"];
        put?: never;
        post?: never;
        /** Close the account: signs out at once, and erases the person and what they own alone in the background */
        delete: operations["eraseMe"];
        options?: never;
        head?: never;
        /** Change the name */
        patch: operations["updateMe"];
        trace?: never;
    };
    "/api/v1/users/me/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List where you are signed in */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        /** Sign out everywhere else */
        delete: operations["endOtherSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/sessions/{sessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Sign out on one device. Its access token is refused everywhere within 2 seconds. */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/forgot-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask for a mail that leads to a new password. The answer does not tell whether the address is known. */
        post: operations["forgotPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/reset-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set a new password by the token of the mail. Ends all sessions. */
        post: operations["resetPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change the password. Ends all other sessions. */
        post: operations["changePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask for another e-mail address. Both addresses get a mail, and both must agree within 24 hours. */
        post: operations["changeEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/confirm-email-change": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Agree to a change of address by the token of a mail */
        post: operations["confirmEmailChange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin to set up an authenticator app (TOTP) */
        post: operations["startSecondFactor"];
        /** Remove the second factor */
        delete: operations["removeSecondFactor"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/second-factor/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Confirm the app by its first code: from now on sign-in asks for one */
        post: operations["confirmSecondFactor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/second-factor/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make new recovery codes. The old ones stop working. */
        post: operations["renewRecoveryCodes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Collect all that is known of the signed-in person, in the background */
        post: operations["exportMe"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/export/{taskId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far an export is, and what it holds */
        get: operations["getMyExport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the API keys of the organization, without their tokens */
        get: operations["listApiKeys"];
        put?: never;
        /** Make an API key for the organization */
        post: operations["createApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-key/{apiKeyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke an API key. It is refused everywhere within 2 seconds. */
        delete: operations["revokeApiKey"];
        options?: never;
        head?: never;
        /** Rename an API key or change its scopes. They hold everywhere within 2 seconds. */
        patch: operations["patchApiKey"];
        trace?: never;
    };
    "/api/v1/auth/app-portal-access/{app_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Get a link that lets the owner of one application manage its endpoints */
        post: operations["openPortal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/dashboard-access/{app_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The former name of `openPortal`
         * @deprecated
         */
        post: operations["openDashboard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/app/{app_id}/expire-all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the portal tokens of an application, at once or in a while. Then they are refused everywhere within 2 seconds. */
        post: operations["endPortalAccess"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/oidc": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** With whose accounts people can sign in */
        get: operations["listIdentityProviders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the organizations that the caller belongs to */
        get: operations["listOrganizations"];
        put?: never;
        /** Create an organization, and own it */
        post: operations["createOrganization"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/{organizationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an organization */
        get: operations["getOrganization"];
        put?: never;
        post?: never;
        /** Delete an organization: closed at once, erased after some days in which it can be restored */
        delete: operations["deleteOrganization"];
        options?: never;
        head?: never;
        /** Rename an organization */
        patch: operations["updateOrganization"];
        trace?: never;
    };
    "/api/v1/organization/{organizationId}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take the deletion of an organization back */
        post: operations["restoreOrganization"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/{organizationId}/transfer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make another member the owner. The caller becomes an admin. */
        post: operations["transferOrganization"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/{organizationId}/leave": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Leave an organization */
        post: operations["leaveOrganization"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/{organizationId}/member": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the members of an organization */
        get: operations["listMembers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/{organizationId}/member/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a member */
        get: operations["getMember"];
        put?: never;
        post?: never;
        /** Remove a member. They are refused everywhere within 2 seconds. */
        delete: operations["removeMember"];
        options?: never;
        head?: never;
        /** Change the role of a member. It holds everywhere within 2 seconds. */
        patch: operations["changeRole"];
        trace?: never;
    };
    "/api/v1/organization/{organizationId}/invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the invitations that were neither accepted nor revoked */
        get: operations["listInvitations"];
        put?: never;
        /** Invite somebody by mail, for seven days */
        post: operations["createInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/{organizationId}/invitation/{invitationId}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send another mail with a new link, good for seven days */
        post: operations["resendInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization/{organizationId}/invitation/{invitationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke an invitation: its link ends at once */
        delete: operations["revokeInvitation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitation/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accept an invitation to the address of the signed-in account */
        post: operations["acceptInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/background-task": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List background tasks of the organization, newest first */
        get: operations["listBackgroundTasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/background-task/{task_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a background task */
        get: operations["getBackgroundTask"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/background-task/{task_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a running background task; one that is over stays as it is */
        post: operations["cancelBackgroundTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List applications */
        get: operations["listApplications"];
        put?: never;
        /** Create an application */
        post: operations["createApplication"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an application */
        get: operations["getApplication"];
        /** Replace an application, or create it */
        put: operations["upsertApplication"];
        post?: never;
        /** Delete an application with its endpoints */
        delete: operations["deleteApplication"];
        options?: never;
        head?: never;
        /** Change some settings of an application */
        patch: operations["patchApplication"];
        trace?: never;
    };
    "/api/v1/event-type": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List event types by name */
        get: operations["listEventTypes"];
        put?: never;
        /** Create an event type, or revive an archived one */
        post: operations["createEventType"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/event-type/{event_type_name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an event type */
        get: operations["getEventType"];
        /** Replace an event type, or create it */
        put: operations["upsertEventType"];
        post?: never;
        /** Archive an event type, or remove it for good */
        delete: operations["deleteEventType"];
        options?: never;
        head?: never;
        /** Change some settings of an event type */
        patch: operations["patchEventType"];
        trace?: never;
    };
    "/api/v1/event-type/import/openapi": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make and update event types from the webhooks of an OpenAPI document: all of them or none */
        post: operations["importEventTypes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/environment/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Export the configuration of the organization, for browsers and scripts */
        get: operations["downloadEnvironment"];
        put?: never;
        /** Export the configuration of the organization */
        post: operations["exportEnvironment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/environment/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Add and update what an export contains: all of it or nothing */
        post: operations["importEnvironment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/endpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the endpoints of an application */
        get: operations["listEndpoints"];
        put?: never;
        /** Create an endpoint */
        post: operations["createEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/endpoint/{endpoint_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an endpoint */
        get: operations["getEndpoint"];
        /** Replace an endpoint, or create it */
        put: operations["upsertEndpoint"];
        post?: never;
        /** Delete an endpoint */
        delete: operations["deleteEndpoint"];
        options?: never;
        head?: never;
        /** Change some settings of an endpoint */
        patch: operations["patchEndpoint"];
        trace?: never;
    };
    "/api/v1/app/{app_id}/endpoint/{endpoint_id}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the key by which a receiver verifies */
        get: operations["getEndpointSecret"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/endpoint/{endpoint_id}/secret/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign with a new key, and for a while with the old one as well */
        post: operations["rotateEndpointSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/endpoint/{endpoint_id}/headers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the headers that deliveries carry */
        get: operations["getEndpointHeaders"];
        /** Replace all headers */
        put: operations["setEndpointHeaders"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Set some headers, take some away */
        patch: operations["patchEndpointHeaders"];
        trace?: never;
    };
    "/api/v1/app/{app_id}/endpoint/{endpoint_id}/transformation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the code that changes the messages of an endpoint */
        get: operations["getEndpointTransformation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change the code that changes the messages of an endpoint
         * @description What is left out stays, null clears. Code that cannot be run is refused. It runs while `enabled` is true, in a sandbox.
         */
        patch: operations["patchEndpointTransformation"];
        trace?: never;
    };
    "/api/v1/app/{app_id}/msg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List messages, newest first */
        get: operations["listMessages"];
        put?: never;
        /** Hand in a message for delivery */
        post: operations["createMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/msg/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hand in up to 500 messages at once */
        post: operations["createMessages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/msg/precheck/active": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Find out whether any endpoint would get such a message; filters, which ask for the payload, are not asked */
        post: operations["precheckMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/msg/{msg_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a message by its id or event id */
        get: operations["getMessage"];
        put?: never;
        post?: never;
        /** Cancel a message that waits for its time */
        delete: operations["cancelMessage"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/msg/{msg_id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete the payload of a message for good */
        delete: operations["expungeMessageContent"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/msg/bulk-expunge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Delete the payloads of several messages for good */
        post: operations["expungeMessageContents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/msg/expunge-all-contents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Delete the payloads of all messages of an application for good */
        post: operations["expungeAllMessageContents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/endpoint/{endpoint_id}/challenge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let an endpoint show that it wants to be called
         * @description Sends a signed POST with a random value in the header `webhook-challenge`. Within 5 seconds the receiver answers with success, and with the value in its body or in the header `webhook-challenge-response`. A queue answers by its broker, which lets the login in and confirms the message. That enables an endpoint which was disabled as `unverified`. A change of the URL takes `verifiedAt` away.
         */
        post: operations["challengeEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/attempt/endpoint/{endpoint_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the attempts at an endpoint, newest first */
        get: operations["listAttemptsByEndpoint"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/attempt/msg/{msg_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the attempts of a message, newest first */
        get: operations["listAttemptsByMessage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/msg/{msg_id}/attempt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Former path of `attempt/msg/{msg_id}`
         * @deprecated
         */
        get: operations["listAttempts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/msg/{msg_id}/endpoint/{endpoint_id}/attempt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the attempts to bring a message to an endpoint, newest first */
        get: operations["listAttemptsOfDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/msg/{msg_id}/attempt/{attempt_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an attempt */
        get: operations["getAttempt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/msg/{msg_id}/attempt/{attempt_id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete for good what a receiver answered */
        delete: operations["expungeAttemptContent"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/endpoint/{endpoint_id}/msg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the messages that went to an endpoint, newest first */
        get: operations["listEndpointMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/msg/{msg_id}/endpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the endpoints that a message went to */
        get: operations["listMessageEndpoints"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/msg/{msg_id}/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find out why each endpoint got a message or did not
         * @description What became of a delivery is a fact. Where there is none, the settings of today are asked what stands in the way; `changedSince` says that they may not be those that decided.
         */
        get: operations["explainMessage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/endpoint/{endpoint_id}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Count what went to an endpoint, by outcome */
        get: operations["getEndpointStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/msg/{msg_id}/endpoint/{endpoint_id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a message to an endpoint again */
        post: operations["resendMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/endpoint/{endpoint_id}/recover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send what failed again, of at most 14 days */
        post: operations["recoverEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/endpoint/{endpoint_id}/replay-missing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send what the endpoint wants and was never sent */
        post: operations["replayMissing"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/endpoint/{endpoint_id}/bulk-replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send all that matches a filter again, whatever became of it */
        post: operations["bulkReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/endpoint/{endpoint_id}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enable an endpoint again, and send what it missed
         * @description Sending what it missed needs the permission `message.resend` as well.
         */
        post: operations["enableEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/endpoint/{endpoint_id}/send-example": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send the example of an event type to this endpoint only */
        post: operations["sendEventExample"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/app/{app_id}/endpoint/{endpoint_id}/transformation/simulate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try code that changes messages, and send nothing
         * @description Runs the code as a delivery would, within the same limits, whether it is enabled or not. Nothing is kept.
         */
        post: operations["simulateEndpointTransformation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operational-webhook/endpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the operational webhooks of the organization */
        get: operations["listOperationalWebhooks"];
        put?: never;
        /** Create an operational webhook */
        post: operations["createOperationalWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operational-webhook/endpoint/{endpoint_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an operational webhook */
        get: operations["getOperationalWebhook"];
        /** Replace an operational webhook, or create it */
        put: operations["upsertOperationalWebhook"];
        post?: never;
        /** Delete an operational webhook */
        delete: operations["deleteOperationalWebhook"];
        options?: never;
        head?: never;
        /** Change some settings of an operational webhook */
        patch: operations["patchOperationalWebhook"];
        trace?: never;
    };
    "/api/v1/operational-webhook/endpoint/{endpoint_id}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the key by which a receiver verifies */
        get: operations["getOperationalWebhookSecret"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operational-webhook/endpoint/{endpoint_id}/secret/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign with a new key, and for a while with the old one as well */
        post: operations["rotateOperationalWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operational-webhook/endpoint/{endpoint_id}/challenge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let an operational webhook show that it wants to be called
         * @description As `challengeEndpoint` does.
         */
        post: operations["challengeOperationalWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operational-webhook/endpoint/{endpoint_id}/headers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the headers that deliveries carry */
        get: operations["getOperationalWebhookHeaders"];
        /** Replace all headers */
        put: operations["setOperationalWebhookHeaders"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Set some headers, take some away */
        patch: operations["patchOperationalWebhookHeaders"];
        trace?: never;
    };
    "/api/v1/stats/usage/app": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Count the deliveries of applications, by a background task whose data is `{"appStats":[{"appId","appUid","messageDestinations"}]}` */
        post: operations["countApplicationUsage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stats/usage/event-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Find out what applications subscribe to, by a background task whose data is `{"event_types":[{"appId",…}]}` */
        put: operations["aggregateEventTypes"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        HealthOut: {
            database: {
                /**
                 * @example ok
                 * @enum {string}
                 */
                status: "ok" | "error";
            };
            /** @description What is accepted waits in the database, so this is as well as that. */
            queue: {
                /**
                 * @example ok
                 * @enum {string}
                 */
                status: "ok" | "error";
            };
            /** @description Each process has its own in memory. */
            cache: {
                /**
                 * @example ok
                 * @enum {string}
                 */
                status: "ok" | "error";
            };
        };
        ListOfAuditEntryOut: {
            data: components["schemas"]["AuditEntryOut"][];
            /** @description Ask with it for the next page. Also of the last page: what is added later comes after it. */
            iterator: string | null;
            /** @description Ask with it for the page before. */
            prevIterator: string | null;
            /** @description There is nothing more in this direction. */
            done: boolean;
        };
        AuditEntryOut: {
            /** @example aud_00PdZgP1mUfrWVHT7bLhCUOkPPT */
            id: string;
            actor: {
                /** @enum {string} */
                kind: "user" | "api_key" | "portal" | "anonymous" | "system";
                /** @example user_00PdZgP1mUfrWVHT7bLhCUOkPPT */
                id: string | null;
            };
            /** @example api_key.created */
            action: string;
            /** @description Id of what it was done to. */
            object: string;
            /**
             * @description `refused`: somebody tried, and was not let.
             * @enum {string}
             */
            result: "success" | "refused";
            /** @description As in the log and in `x-request-id`. */
            requestId: string | null;
            /** Format: date-time */
            occurredAt: string;
            /** @description Network address of the caller. */
            address: string | null;
            /** @description Names of the fields that changed. */
            fields: string[];
        };
        RegisterIn: {
            email: string;
            password: string;
            /** @example Ann Miller */
            name: string;
        };
        EmptyOut: Record<string, unknown>;
        VerifyEmailIn: {
            token: string;
            /**
             * @description `cookie`: the refresh token comes as a cookie that no script can read. For pages under PUBLIC_URL.
             * @default token
             * @enum {string}
             */
            session?: "token" | "cookie";
        } | {
            email: string;
            code: string;
            /**
             * @description `cookie`: the refresh token comes as a cookie that no script can read. For pages under PUBLIC_URL.
             * @default token
             * @enum {string}
             */
            session?: "token" | "cookie";
        };
        SignedInOut: {
            accessToken: string;
            /** @description Good for one use. Absent when it was handed out as a cookie. */
            refreshToken?: string;
            /** @enum {string} */
            tokenType: "Bearer";
            /** @description Seconds. */
            expiresIn: number;
        };
        LoginIn: {
            email: string;
            password: string;
            /** @default null */
            code?: string | null;
            /**
             * @description `cookie`: the refresh token comes as a cookie that no script can read. For pages under PUBLIC_URL.
             * @default token
             * @enum {string}
             */
            session?: "token" | "cookie";
        };
        /**
         * @description Without a refresh token, the cookie counts.
         * @default {
         *       "session": "token"
         *     }
         */
        RefreshIn: {
            refreshToken?: string;
            /**
             * @description `cookie`: the refresh token comes as a cookie that no script can read. For pages under PUBLIC_URL.
             * @default token
             * @enum {string}
             */
            session?: "token" | "cookie";
        };
        /** @default {} */
        LogoutIn: {
            refreshToken?: string;
        };
        ProfileOut: {
            /** @example user_00PdZgP1mUfrWVHT7bLhCUOkPPT */
            id: string;
            /** @example Ann Miller */
            name: string;
            email: string;
            emailVerified: boolean;
            /** Format: date-time */
            createdAt: string;
            organizations: {
                /** @example org_00PdZgP1mUfrWVHT7bLhCUOkPPT */
                id: string;
                name: string;
                /** @enum {string} */
                role: "owner" | "admin" | "developer" | "viewer";
            }[];
        };
        ProfilePatch: {
            /** @example Ann Miller */
            name: string;
        };
        ListOfSessionOut: {
            data: components["schemas"]["SessionOut"][];
            /** @description Ask with it for the next page. Also of the last page: what is added later comes after it. */
            iterator: string | null;
            /** @description Ask with it for the page before. */
            prevIterator: string | null;
            /** @description There is nothing more in this direction. */
            done: boolean;
        };
        SessionOut: {
            /** @example ses_00PdZgP1mUfrWVHT7bLhCUOkPPT */
            id: string;
            /** @description The session that asks. */
            current: boolean;
            userAgent: string | null;
            /** @description From where it was opened. */
            address: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            refreshedAt: string;
            /** Format: date-time */
            expiresAt: string;
        };
        ForgotPasswordIn: {
            email: string;
        };
        ResetPasswordIn: {
            token: string;
            password: string;
        };
        ChangePasswordIn: {
            currentPassword: string;
            newPassword: string;
        };
        ChangeEmailIn: {
            email: string;
            password: string;
        };
        EmailChangeConfirmIn: {
            token: string;
        };
        EmailChangeOut: {
            /**
             * @description Which of the two addresses has agreed by this link.
             * @enum {string}
             */
            confirmed: "old" | "new";
            /** @description Both have: the address is changed, and all sessions have ended. */
            changed: boolean;
        };
        SecondFactorStartIn: {
            password: string;
        };
        SecondFactorOut: {
            /**
             * @description To type into the authenticator app, in base 32.
             * @example JBSWY3DPEHPK3PXP
             */
            secret: string;
            /**
             * @description To show as a QR code.
             * @example otpauth://totp/Posthorn:ann@example.com?secret=JBSWY3DPEHPK3PXP
             */
            uri: string;
        };
        SecondFactorConfirmIn: {
            code: string;
        };
        RecoveryCodesOut: {
            /** @description Each works once in place of a code of the app. They are not shown again. */
            recoveryCodes: string[];
        };
        SecondFactorChangeIn: {
            password: string;
            code: string;
        };
        AccountExportStartedOut: {
            taskId: string;
        };
        AccountExportOut: {
            taskId: string;
            /** @enum {string} */
            status: "running" | "finished" | "failed" | "canceled";
            /** @description When finished: all that is known of the person. */
            data: {
                profile: {
                    /** @example user_00PdZgP1mUfrWVHT7bLhCUOkPPT */
                    id: string;
                    /** @example Ann Miller */
                    name: string;
                    email: string;
                    emailVerified: boolean;
                    /** Format: date-time */
                    createdAt: string;
                };
                organizations: {
                    /** @example org_00PdZgP1mUfrWVHT7bLhCUOkPPT */
                    id: string;
                    name: string;
                    /** @enum {string} */
                    role: "owner" | "admin" | "developer" | "viewer";
                }[];
                sessions: {
                    /** @example user_00PdZgP1mUfrWVHT7bLhCUOkPPT */
                    id: string;
                    userAgent: string | null;
                    address: string | null;
                    /** Format: date-time */
                    createdAt: string;
                    /** Format: date-time */
                    refreshedAt: string;
                    /** Format: date-time */
                    expiresAt: string;
                }[];
            } | null;
        };
        AccountCloseIn: {
            password: string;
        };
        ApiKeyIn: {
            /** @example CI */
            name: string;
            /**
             * @description Names of permissions, see docs/permissions.md; all that API keys may have when null.
             * @default null
             * @example [
             *       "message.write"
             *     ]
             */
            scopes?: string[] | null;
            /** @description For ever when absent. */
            expiresAt?: string | null;
            /**
             * @default live
             * @enum {string}
             */
            environment?: "live" | "test";
        };
        NewApiKeyOut: {
            /** @example key_00PdZgP1mUfrWVHT7bLhCUOkPPT */
            id: string;
            /** @example CI */
            name: string;
            scopes: string[] | null;
            /**
             * @description `ph_live_` or `ph_test_`: by this, scanners find keys that leaked.
             * @example ph_live_
             */
            prefix: string;
            /** Format: date-time */
            createdAt: string;
            expiresAt: string | null;
            /** @description About a minute behind. */
            lastUsedAt: string | null;
            /** @description The key. Shown this once: it is not stored. */
            token: string;
        };
        ListOfApiKeyOut: {
            data: components["schemas"]["ApiKeyOut"][];
            /** @description Ask with it for the next page. Also of the last page: what is added later comes after it. */
            iterator: string | null;
            /** @description Ask with it for the page before. */
            prevIterator: string | null;
            /** @description There is nothing more in this direction. */
            done: boolean;
        };
        ApiKeyOut: {
            /** @example key_00PdZgP1mUfrWVHT7bLhCUOkPPT */
            id: string;
            /** @example CI */
            name: string;
            scopes: string[] | null;
            /**
             * @description `ph_live_` or `ph_test_`: by this, scanners find keys that leaked.
             * @example ph_live_
             */
            prefix: string;
            /** Format: date-time */
            createdAt: string;
            expiresAt: string | null;
            /** @description About a minute behind. */
            lastUsedAt: string | null;
        };
        ApiKeyPatch: {
            name?: string;
            /**
             * @description Names of permissions, see docs/permissions.md; all that API keys may have when null.
             * @example [
             *       "message.write"
             *     ]
             */
            scopes?: string[] | null;
        };
        AppPortalAccessIn: {
            /** @description Event types behind other flags are not shown. */
            featureFlags?: string[] | null;
            /** @description Made when the path names none that exists. */
            application?: components["schemas"]["ApplicationIn"] | null;
            /** @description Nothing but looking. */
            readOnly?: boolean | null;
            /**
             * @description Names of permissions, or of groups of them (`ViewBase`, `ManageEndpoint`, …); all that a portal may have when absent.
             * @example [
             *       "ViewBase",
             *       "ManageEndpoint"
             *     ]
             */
            capabilities?: string[] | null;
            /** @description Seconds; an hour when absent. */
            expiry?: number | null;
            sessionId?: string | null;
        };
        ApplicationIn: {
            /** @example Acme Inc. */
            name: string;
            /**
             * @description Your own id; every path takes it in place of the id.
             * @example customer-7
             */
            uid?: string | null;
            /** @description Messages per second. */
            throttleRate?: number | null;
            /**
             * @deprecated
             * @description Former name of `throttleRate`.
             */
            rateLimit?: number | null;
            /** @description Own keys and values, at most 4096 bytes of JSON. */
            metadata?: {
                [key: string]: string;
            } | null;
        };
        AppPortalAccessOut: {
            /** @description Where to send the owner of the application. */
            url: string;
            token: string;
        };
        /** @default {} */
        AppPortalExpireAllIn: {
            /** @description Seconds for which they are good at most; at once when absent. */
            expiry?: number | null;
            /** @description Only the tokens of these sessions. */
            sessionIds?: string[] | null;
        };
        ProvidersOut: {
            data: {
                /** @example acme-sso */
                id: string;
                /** @example Acme SSO */
                name: string;
            }[];
        };
        ListOfOrganizationOut: {
            data: components["schemas"]["OrganizationOut"][];
            /** @description Ask with it for the next page. Also of the last page: what is added later comes after it. */
            iterator: string | null;
            /** @description Ask with it for the page before. */
            prevIterator: string | null;
            /** @description There is nothing more in this direction. */
            done: boolean;
        };
        OrganizationOut: {
            /** @example org_00PdZgP1mUfrWVHT7bLhCUOkPPT */
            id: string;
            name: string;
            /**
             * @description Of the caller.
             * @enum {string}
             */
            role: "viewer" | "developer" | "admin" | "owner";
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description Closed since then. */
            deletedAt: string | null;
            /** @description Erased then, unless it is restored before. */
            eraseAt: string | null;
        };
        OrganizationIn: {
            name: string;
        };
        OrganizationTransferIn: {
            userId: string;
        };
        ListOfMemberOut: {
            data: components["schemas"]["MemberOut"][];
            /** @description Ask with it for the next page. Also of the last page: what is added later comes after it. */
            iterator: string | null;
            /** @description Ask with it for the page before. */
            prevIterator: string | null;
            /** @description There is nothing more in this direction. */
            done: boolean;
        };
        MemberOut: {
            /**
             * @description Of the user.
             * @example user_00PdZgP1mUfrWVHT7bLhCUOkPPT
             */
            id: string;
            /** @example Ann Miller */
            name: string | null;
            email: string | null;
            /** @enum {string} */
            role: "viewer" | "developer" | "admin" | "owner";
            /** Format: date-time */
            joinedAt: string;
        };
        MemberIn: {
            /** @enum {string} */
            role: "viewer" | "developer" | "admin";
        };
        InvitationIn: {
            email: string;
            /** @enum {string} */
            role: "viewer" | "developer" | "admin";
        };
        InvitationOut: {
            /** @example inv_00PdZgP1mUfrWVHT7bLhCUOkPPT */
            id: string;
            email: string;
            /** @enum {string} */
            role: "viewer" | "developer" | "admin";
            /**
             * @description Id of a user.
             * @example user_00PdZgP1mUfrWVHT7bLhCUOkPPT
             */
            invitedBy: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            expiresAt: string;
        };
        ListOfInvitationOut: {
            data: components["schemas"]["InvitationOut"][];
            /** @description Ask with it for the next page. Also of the last page: what is added later comes after it. */
            iterator: string | null;
            /** @description Ask with it for the page before. */
            prevIterator: string | null;
            /** @description There is nothing more in this direction. */
            done: boolean;
        };
        InvitationAcceptIn: {
            token: string;
        };
        ListOfBackgroundTaskOut: {
            data: components["schemas"]["BackgroundTaskOut"][];
            /** @description Ask with it for the next page. Also of the last page: what is added later comes after it. */
            iterator: string | null;
            /** @description Ask with it for the page before. */
            prevIterator: string | null;
            /** @description There is nothing more in this direction. */
            done: boolean;
        };
        BackgroundTaskOut: {
            /** @example qtask_00PdZgP1mUfrWVHT7bLhCUOkPPT */
            id: string;
            /**
             * @description What is done.
             * @example endpoint.recover
             */
            task: string;
            /** @enum {string} */
            status: "running" | "finished" | "failed" | "canceled";
            /**
             * @description The result, once there is one.
             * @example {
             *       "replayed": 42
             *     }
             */
            data: {
                [key: string]: unknown;
            };
            /** @description Null: nothing is known yet. */
            progress: {
                done: number;
                total: number;
            } | null;
            /** @description Why it failed. */
            reason: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            finishedAt: string | null;
        };
        ListOfApplicationOut: {
            data: components["schemas"]["ApplicationOut"][];
            /** @description Ask with it for the next page. Also of the last page: what is added later comes after it. */
            iterator: string | null;
            /** @description Ask with it for the page before. */
            prevIterator: string | null;
            /** @description There is nothing more in this direction. */
            done: boolean;
        };
        ApplicationOut: {
            /** @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT */
            id: string;
            uid: string | null;
            name: string;
            throttleRate: number | null;
            /** @deprecated */
            rateLimit: number | null;
            metadata: {
                [key: string]: string;
            };
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        ApplicationPatch: {
            /** @example Acme Inc. */
            name?: string;
            /**
             * @description Your own id; every path takes it in place of the id.
             * @example customer-7
             */
            uid?: string | null;
            /** @description Messages per second. */
            throttleRate?: number | null;
            /**
             * @deprecated
             * @description Former name of `throttleRate`.
             */
            rateLimit?: number | null;
            /** @description Own keys and values, at most 4096 bytes of JSON. */
            metadata?: {
                [key: string]: string;
            } | null;
        };
        ListOfEventTypeOut: {
            data: components["schemas"]["EventTypeOut"][];
            /** @description Ask with it for the next page. Also of the last page: what is added later comes after it. */
            iterator: string | null;
            /** @description Ask with it for the page before. */
            prevIterator: string | null;
            /** @description There is nothing more in this direction. */
            done: boolean;
        };
        EventTypeOut: {
            name: string;
            description: string;
            archived: boolean;
            deprecated: boolean;
            schemas: {
                [key: string]: unknown;
            } | null;
            /** @enum {string} */
            validation: "off" | "warn" | "reject";
            groupName: string | null;
            featureFlags: string[] | null;
            /** @deprecated */
            featureFlag: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        EventTypeIn: {
            /** @example user.created */
            name: string;
            /** @example A user signed up. */
            description: string;
            /** @description JSON Schemas of the payload by version. */
            schemas?: {
                [key: string]: boolean | {
                    [key: string]: unknown;
                };
            } | null;
            /** @description Archived event types are hidden, and nobody can subscribe to them any more. */
            archived?: boolean;
            deprecated?: boolean;
            /**
             * @description What becomes of a message that breaks the schema of the highest version: nobody looks, its sender is told, or it is refused.
             * @enum {string}
             */
            validation?: "off" | "warn" | "reject";
            /** @description Event types of a group are shown together. */
            groupName?: string | null;
            /** @description Shown only to those who have one of these flags. */
            featureFlags?: string[] | null;
            /**
             * @deprecated
             * @description Former form of `featureFlags`.
             */
            featureFlag?: string | null;
        };
        EventTypeUpdate: {
            /** @example A user signed up. */
            description: string;
            /** @description JSON Schemas of the payload by version. */
            schemas?: {
                [key: string]: boolean | {
                    [key: string]: unknown;
                };
            } | null;
            /** @description Archived event types are hidden, and nobody can subscribe to them any more. */
            archived?: boolean;
            deprecated?: boolean;
            /**
             * @description What becomes of a message that breaks the schema of the highest version: nobody looks, its sender is told, or it is refused.
             * @enum {string}
             */
            validation?: "off" | "warn" | "reject";
            /** @description Event types of a group are shown together. */
            groupName?: string | null;
            /** @description Shown only to those who have one of these flags. */
            featureFlags?: string[] | null;
            /**
             * @deprecated
             * @description Former form of `featureFlags`.
             */
            featureFlag?: string | null;
        };
        EventTypePatch: {
            /** @example A user signed up. */
            description?: string;
            /** @description JSON Schemas of the payload by version. */
            schemas?: {
                [key: string]: boolean | {
                    [key: string]: unknown;
                };
            } | null;
            /** @description Archived event types are hidden, and nobody can subscribe to them any more. */
            archived?: boolean;
            deprecated?: boolean;
            /**
             * @description What becomes of a message that breaks the schema of the highest version: nobody looks, its sender is told, or it is refused.
             * @enum {string}
             */
            validation?: "off" | "warn" | "reject";
            /** @description Event types of a group are shown together. */
            groupName?: string | null;
            /** @description Shown only to those who have one of these flags. */
            featureFlags?: string[] | null;
            /**
             * @deprecated
             * @description Former form of `featureFlags`.
             */
            featureFlag?: string | null;
        };
        EventTypeImportOpenApiIn: {
            /**
             * @description An OpenAPI document, 3.0 or 3.1, with `webhooks` or `x-webhooks`.
             * @example {
             *       "openapi": "3.1.0",
             *       "webhooks": {
             *         "invoice.paid": {
             *           "post": {
             *             "requestBody": {
             *               "content": {
             *                 "application/json": {
             *                   "schema": {
             *                     "type": "object"
             *                   }
             *                 }
             *               }
             *             }
             *           }
             *         }
             *       }
             *     }
             */
            spec?: Record<string, unknown>;
            /** @description The same as text, YAML or JSON. */
            specRaw?: string | null;
            /** @description Archives all event types that the document does not name. */
            replaceAll?: boolean | null;
            /** @description Changes nothing, and only says what would be changed. */
            dryRun?: boolean | null;
        };
        EventTypeImportOpenApiOut: {
            data: {
                /** @description Names of those that were made or changed; none in a dry run. */
                modified: string[];
                /** @description Those that would be made or changed, in a dry run. */
                to_modify: components["schemas"]["EventTypeFromOpenApi"][] | null;
                /** @description Names of those that `replaceAll` archived, or would archive. */
                archived: string[];
            };
        };
        EventTypeFromOpenApi: {
            /** @example user.created */
            name: string;
            /** @example A user signed up. */
            description: string;
            /**
             * @description JSON Schemas of the payload by version.
             * @example {
             *       "1": {
             *         "type": "object"
             *       }
             *     }
             */
            schemas: {
                [key: string]: boolean | {
                    [key: string]: unknown;
                };
            } | null;
            deprecated: boolean;
            /** @description Event types of a group are shown together. */
            groupName?: string | null;
            /** @description Shown only to those who have one of these flags. */
            featureFlags?: string[] | null;
        };
        EnvironmentOut: {
            /**
             * @description Of the format.
             * @example 1
             */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** @description All of them, archived ones too, by name. */
            eventTypes: components["schemas"]["EventTypeOut"][];
            /** @description There are none. */
            settings: null;
            /** @description There are none. */
            connectors: unknown[];
        };
        /** @description An export, or parts of one. Sections that this version does not know are ignored. */
        EnvironmentIn: {
            eventTypes?: components["schemas"]["EventTypeToImport"][] | null;
        };
        EventTypeToImport: {
            /** @example user.created */
            name: string;
            /** @example A user signed up. */
            description: string;
            /** @description JSON Schemas of the payload by version. */
            schemas?: {
                [key: string]: boolean | {
                    [key: string]: unknown;
                };
            } | null;
            /** @description Archived event types are hidden, and nobody can subscribe to them any more. */
            archived?: boolean;
            deprecated?: boolean;
            /**
             * @description What becomes of a message that breaks the schema of the highest version: nobody looks, its sender is told, or it is refused.
             * @enum {string}
             */
            validation?: "off" | "warn" | "reject";
            /** @description Event types of a group are shown together. */
            groupName?: string | null;
            /** @description Shown only to those who have one of these flags. */
            featureFlags?: string[] | null;
            /**
             * @deprecated
             * @description Former form of `featureFlags`.
             */
            featureFlag?: string | null;
        };
        ListOfEndpointOut: {
            data: components["schemas"]["EndpointOut"][];
            /** @description Ask with it for the next page. Also of the last page: what is added later comes after it. */
            iterator: string | null;
            /** @description Ask with it for the page before. */
            prevIterator: string | null;
            /** @description There is nothing more in this direction. */
            done: boolean;
        };
        EndpointOut: {
            /** @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT */
            id: string;
            uid: string | null;
            url: string;
            description: string;
            disabled: boolean;
            state: components["schemas"]["EndpointStateOut"];
            eventTypes: string[] | null;
            /** @deprecated */
            filterTypes: string[] | null;
            channels: string[] | null;
            /**
             * @example {
             *       "order.total": {
             *         "$gte": 100
             *       }
             *     }
             */
            filter: {
                [key: string]: unknown;
            } | null;
            throttleRate: number | null;
            /** @deprecated */
            rateLimit: number | null;
            /** @enum {string} */
            ordering: "none" | "fifo";
            maxInFlight: number | null;
            timeoutMs: number | null;
            retrySchedule: number[] | null;
            metadata: {
                [key: string]: string;
            };
            /** @deprecated */
            version: number;
            /** @description When its receiver last answered a challenge at this URL. */
            verifiedAt: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        EndpointStateOut: {
            /**
             * @description `paused`: it failed again and again, and gets nothing for a while; messages wait, and use up no attempts.
             * @enum {string}
             */
            status: "enabled" | "paused" | "disabled";
            /** @description Who disabled or paused it; null while it is enabled, or when that is not known. */
            by: ("owner" | "system") | null;
            /** @description Why: its owner said so, it has to answer a challenge first (`unverified`), it answered 410 Gone, or every attempt failed for too long. */
            reason: ("owner" | "unverified" | "gone" | "failing") | null;
            /** @description When it was disabled. */
            since: string | null;
            /** @description When one that is paused is tried again; null when it is not paused. */
            pausedUntil: string | null;
            /** @description The first failure after the last success; null when the last attempt succeeded, or there was none. */
            failingSince: string | null;
            /** @description When it will be disabled, if every attempt goes on failing until then; null when it will not. */
            disablesAt: string | null;
        };
        EndpointIn: {
            /**
             * @description At most 2,048 bytes, on the public Internet, without a login: http, https, or a queue by `amqps://host/vhost?exchange=…&routingKey=…` (or amqp), for which the header `Authorization: Basic …` holds the login.
             * @example https://example.com/webhooks
             */
            url: string;
            /**
             * @description Your own id; every path takes it in place of the id.
             * @example main
             */
            uid?: string | null;
            description?: string;
            disabled?: boolean;
            /** @description Only messages of these types; null or nothing: all. */
            eventTypes?: string[] | null;
            /**
             * @deprecated
             * @description Former name of `eventTypes`.
             */
            filterTypes?: string[] | null;
            /** @description Only messages in one of these channels; null or nothing: all. */
            channels?: string[] | null;
            /** @description Only messages whose payload is like this; null or nothing: all. The language: docs/filters.md. */
            filter?: {
                [key: string]: unknown;
            } | null;
            /** @description Messages per second. */
            throttleRate?: number | null;
            /**
             * @deprecated
             * @description Former name of `throttleRate`.
             */
            rateLimit?: number | null;
            /**
             * @description `fifo`: one message after the other, in their order; a message that fails holds up those behind it.
             * @enum {string}
             */
            ordering?: "none" | "fifo";
            /** @description Requests at the same time; null: the default. */
            maxInFlight?: number | null;
            /** @description Milliseconds that one attempt may take, from the look-up of the name to the last byte; null: the default. */
            timeoutMs?: number | null;
            /**
             * @description Seconds to wait after the first, second, … attempt; empty: no retries; null: the default.
             * @example [
             *       5,
             *       300,
             *       1800
             *     ]
             */
            retrySchedule?: number[] | null;
            /** @description Own keys and values, at most 4096 bytes of JSON. */
            metadata?: {
                [key: string]: string;
            } | null;
            /** @description `whsec_…` or `whsk_…`; one is made when it is left out. */
            secret?: string | null;
            headers?: {
                [key: string]: string;
            } | null;
        };
        EndpointUpdate: {
            /**
             * @description At most 2,048 bytes, on the public Internet, without a login: http, https, or a queue by `amqps://host/vhost?exchange=…&routingKey=…` (or amqp), for which the header `Authorization: Basic …` holds the login.
             * @example https://example.com/webhooks
             */
            url: string;
            /**
             * @description Your own id; every path takes it in place of the id.
             * @example main
             */
            uid?: string | null;
            description?: string;
            disabled?: boolean;
            /** @description Only messages of these types; null or nothing: all. */
            eventTypes?: string[] | null;
            /**
             * @deprecated
             * @description Former name of `eventTypes`.
             */
            filterTypes?: string[] | null;
            /** @description Only messages in one of these channels; null or nothing: all. */
            channels?: string[] | null;
            /** @description Only messages whose payload is like this; null or nothing: all. The language: docs/filters.md. */
            filter?: {
                [key: string]: unknown;
            } | null;
            /** @description Messages per second. */
            throttleRate?: number | null;
            /**
             * @deprecated
             * @description Former name of `throttleRate`.
             */
            rateLimit?: number | null;
            /**
             * @description `fifo`: one message after the other, in their order; a message that fails holds up those behind it.
             * @enum {string}
             */
            ordering?: "none" | "fifo";
            /** @description Requests at the same time; null: the default. */
            maxInFlight?: number | null;
            /** @description Milliseconds that one attempt may take, from the look-up of the name to the last byte; null: the default. */
            timeoutMs?: number | null;
            /**
             * @description Seconds to wait after the first, second, … attempt; empty: no retries; null: the default.
             * @example [
             *       5,
             *       300,
             *       1800
             *     ]
             */
            retrySchedule?: number[] | null;
            /** @description Own keys and values, at most 4096 bytes of JSON. */
            metadata?: {
                [key: string]: string;
            } | null;
        };
        EndpointPatch: {
            /**
             * @description At most 2,048 bytes, on the public Internet, without a login: http, https, or a queue by `amqps://host/vhost?exchange=…&routingKey=…` (or amqp), for which the header `Authorization: Basic …` holds the login.
             * @example https://example.com/webhooks
             */
            url?: string;
            /**
             * @description Your own id; every path takes it in place of the id.
             * @example main
             */
            uid?: string | null;
            description?: string;
            disabled?: boolean;
            /** @description Only messages of these types; null or nothing: all. */
            eventTypes?: string[] | null;
            /**
             * @deprecated
             * @description Former name of `eventTypes`.
             */
            filterTypes?: string[] | null;
            /** @description Only messages in one of these channels; null or nothing: all. */
            channels?: string[] | null;
            /** @description Only messages whose payload is like this; null or nothing: all. The language: docs/filters.md. */
            filter?: {
                [key: string]: unknown;
            } | null;
            /** @description Messages per second. */
            throttleRate?: number | null;
            /**
             * @deprecated
             * @description Former name of `throttleRate`.
             */
            rateLimit?: number | null;
            /**
             * @description `fifo`: one message after the other, in their order; a message that fails holds up those behind it.
             * @enum {string}
             */
            ordering?: "none" | "fifo";
            /** @description Requests at the same time; null: the default. */
            maxInFlight?: number | null;
            /** @description Milliseconds that one attempt may take, from the look-up of the name to the last byte; null: the default. */
            timeoutMs?: number | null;
            /**
             * @description Seconds to wait after the first, second, … attempt; empty: no retries; null: the default.
             * @example [
             *       5,
             *       300,
             *       1800
             *     ]
             */
            retrySchedule?: number[] | null;
            /** @description Own keys and values, at most 4096 bytes of JSON. */
            metadata?: {
                [key: string]: string;
            } | null;
            /** @description Replaces the key at once: rotate for a grace period. */
            secret?: string | null;
        };
        EndpointSecretOut: {
            key: string;
        };
        EndpointSecretRotateIn: {
            /** @description The new key; one is made when it is left out. */
            key?: string | null;
            /** @description How long the old key goes on signing; a day by default. */
            gracePeriodSeconds?: number | null;
        };
        EndpointHeadersOut: {
            headers: {
                [key: string]: string;
            };
            /** @description Names of headers whose values are not shown again. */
            sensitive: string[];
        };
        EndpointHeadersIn: {
            /** @description Sent with every delivery. */
            headers: {
                [key: string]: string;
            };
        };
        EndpointHeadersPatchIn: {
            /** @description null takes a header away. */
            headers?: {
                [key: string]: string | null;
            };
            /** @default [] */
            deleteHeaders?: string[];
        };
        /**
         * @example {
         *       "code": "function handler(webhook) {\n  webhook.payload = { text: 'Paid: ' + webhook.payload.invoice };\n  return webhook;\n}",
         *       "enabled": true,
         *       "variables": null,
         *       "updatedAt": "2026-01-31T12:00:00.000Z"
         *     }
         */
        EndpointTransformationOut: {
            code: string | null;
            enabled: boolean;
            variables: {
                [key: string]: string;
            } | null;
            /** @description Null: there never was one. */
            updatedAt: string | null;
        };
        EndpointTransformationPatch: {
            /**
             * @description JavaScript with a function `handler(webhook)`, which returns what is to be sent: docs/transformations.md.
             * @example function handler(webhook) {
             *       webhook.payload = { text: 'Paid: ' + webhook.payload.invoice };
             *       return webhook;
             *     }
             */
            code?: string | null;
            enabled?: boolean;
            /**
             * @description The code reads them as `webhook.variables`.
             * @example {
             *       "channel": "C024BE91L"
             *     }
             */
            variables?: {
                [key: string]: string;
            } | null;
        };
        MessageIn: {
            /** @example invoice.paid */
            eventType: string;
            /**
             * @description Sent as it is, byte for byte.
             * @example {
             *       "id": "inv_1",
             *       "total": 42
             *     }
             */
            payload?: Record<string, unknown>;
            /**
             * @deprecated
             * @description Former name of `payload`.
             * @example {
             *       "id": "inv_1",
             *       "total": 42
             *     }
             */
            data?: Record<string, unknown>;
            /** @description Your own id of the event; a second message with it is refused. */
            eventId?: string | null;
            /** @description Only endpoints of these channels, and those of all channels. */
            channels?: string[] | null;
            /** @description Own words by which lists can be filtered. */
            tags?: string[] | null;
            /** @description When to deliver it: at most 30 days ahead. Until then it can be canceled. */
            deliverAt?: string | null;
            /** @description Days that the payload is kept. */
            payloadRetentionPeriod?: number | null;
            /** @description Hours that the payload is kept, in place of days. */
            payloadRetentionHours?: number | null;
            /** @description Made if it is not there. Its uid is the one of the path. */
            application?: components["schemas"]["ApplicationIn"] | null;
            transformationsParams?: ({
                /** @description Sent as the body as it is, in place of the payload. */
                rawPayload?: string | null;
                headers?: ({
                    "content-type"?: string;
                } & {
                    [key: string]: unknown;
                }) | null;
            } & {
                [key: string]: unknown;
            }) | null;
        };
        AcceptedMessageOut: {
            /** @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT */
            id: string;
            eventId: string | null;
            eventType: string;
            /** @description `{"expired":true}` when it is gone; text when it was sent as it is and is no JSON object. */
            payload: {
                [key: string]: unknown;
            } | string;
            channels: string[] | null;
            tags: string[] | null;
            /**
             * @description Whether it is for the endpoints, waits for its time, or was canceled.
             * @enum {string}
             */
            state: "accepted" | "scheduled" | "canceled";
            deliverAt: string | null;
            /** Format: date-time */
            timestamp: string;
            /** @description Where the payload breaks the schema of its event type, when that only warns. */
            warnings?: {
                /**
                 * @example [
                 *       "body",
                 *       "name"
                 *     ]
                 */
                loc: (string | number)[];
                /** @example Invalid input: expected string, received number */
                msg: string;
                /** @example value_error */
                type: string;
                /** @description JSON Pointer into the payload, when it breaks the schema of its event type. */
                pointer?: string;
            }[];
        };
        MessageBatchIn: {
            /** @description 1 to 500 messages; together they are not larger than any other body. */
            messages: components["schemas"]["MessageIn"][];
        };
        MessageBatchOut: {
            /** @description One for each message, in their order. */
            results: {
                /** @description As if the message had come alone: 202, 409, 422. */
                status: number;
                message?: components["schemas"]["AcceptedMessageOut"];
                /** @description Why it was refused. */
                error?: {
                    code: string;
                    detail: string | {
                        /**
                         * @example [
                         *       "body",
                         *       "name"
                         *     ]
                         */
                        loc: (string | number)[];
                        /** @example Invalid input: expected string, received number */
                        msg: string;
                        /** @example value_error */
                        type: string;
                        /** @description JSON Pointer into the payload, when it breaks the schema of its event type. */
                        pointer?: string;
                    }[];
                };
            }[];
        };
        MessagePrecheckIn: {
            /** @example invoice.paid */
            eventType: string;
            /** @description Only endpoints of these channels, and those of all channels. */
            channels?: string[] | null;
        };
        MessagePrecheckOut: {
            /** @description At least one endpoint would get it. */
            active: boolean;
        };
        ListOfMessageOut: {
            data: components["schemas"]["MessageOut"][];
            /** @description Ask with it for the next page. Also of the last page: what is added later comes after it. */
            iterator: string | null;
            /** @description Ask with it for the page before. */
            prevIterator: string | null;
            /** @description There is nothing more in this direction. */
            done: boolean;
        };
        MessageOut: {
            /** @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT */
            id: string;
            eventId: string | null;
            eventType: string;
            /** @description `{"expired":true}` when it is gone; text when it was sent as it is and is no JSON object. */
            payload: {
                [key: string]: unknown;
            } | string;
            channels: string[] | null;
            tags: string[] | null;
            /**
             * @description Whether it is for the endpoints, waits for its time, or was canceled.
             * @enum {string}
             */
            state: "accepted" | "scheduled" | "canceled";
            deliverAt: string | null;
            /** Format: date-time */
            timestamp: string;
        };
        BulkExpungeIn: {
            /**
             * @description Ids or event ids.
             * @default []
             * @example [
             *       "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT"
             *     ]
             */
            ids?: string[];
        };
        BulkExpungeOut: {
            results: {
                [key: string]: "expunged" | "not-found";
            };
        };
        RunningTaskOut: {
            /**
             * @description Of the background task.
             * @example qtask_00PdZgP1mUfrWVHT7bLhCUOkPPT
             */
            id: string;
            /** @enum {string} */
            status: "running";
            /** @example application.stats */
            task: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /**
         * @example {
         *       "verified": true,
         *       "reason": "ok",
         *       "verifiedAt": "2026-01-31T12:00:00.000Z"
         *     }
         */
        ChallengeOut: {
            verified: boolean;
            /**
             * @description `ok`; `wrong_answer`: a success without the value; `url_changed` meanwhile; else the reason of a failed attempt.
             * @example ok
             */
            reason: string;
            verifiedAt: string | null;
        };
        ListOfMessageAttemptOut: {
            data: components["schemas"]["MessageAttemptOut"][];
            /** @description Ask with it for the next page. Also of the last page: what is added later comes after it. */
            iterator: string | null;
            /** @description Ask with it for the page before. */
            prevIterator: string | null;
            /** @description There is nothing more in this direction. */
            done: boolean;
        };
        MessageAttemptOut: {
            /** @example atmpt_00PdZgP1mUfrWVHT7bLhCUOkPPT */
            id: string;
            msgId: string;
            endpointId: string;
            url: string;
            /** @description 0 success, 2 fail. */
            status: number;
            statusText: string;
            /**
             * @description A stable word for what happened.
             * @example ok
             */
            reason: string;
            /**
             * @description The same as a sentence, for people.
             * @example The receiver accepted it.
             */
            reasonText: string;
            /** @description 0: there was no response, or none with a status, as from a queue. */
            responseStatusCode: number;
            responseDurationMs: number;
            /**
             * @description The body of the answer, at most 64 KiB of it; of a queue, what the broker said.
             * @example thanks
             */
            response: string;
            /** @description 0 by the schedule, 1 by hand. */
            triggerType: number;
            /** Format: date-time */
            timestamp: string;
            /** @description Only with `with_msg`. */
            msg?: components["schemas"]["AttemptedMessageOut"];
            /** @description Null without content, and for attempts of former releases. */
            details: components["schemas"]["AttemptDetailsOut"] | null;
        };
        AttemptedMessageOut: {
            /** @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT */
            id: string;
            eventId: string | null;
            eventType: string;
            /** @description Always empty. */
            payload: {
                [key: string]: unknown;
            };
            channels: string[] | null;
            tags: string[] | null;
            /** @enum {string} */
            state: "accepted" | "scheduled" | "canceled";
            deliverAt: string | null;
            /** Format: date-time */
            timestamp: string;
        };
        AttemptDetailsOut: {
            /** @description Credentials are hidden. */
            requestHeaders: {
                [key: string]: string;
            };
            responseHeaders: {
                [key: string]: string;
            };
            /** @description Of the receiver, as its name was resolved; null: there was no connection. */
            address: string | null;
            /** @description Milliseconds; null for a step that there was not, as on a connection that was open already. */
            timings: {
                dnsMs: number | null;
                connectMs: number | null;
                tlsMs: number | null;
                firstByteMs: number | null;
            };
            transformation: components["schemas"]["AttemptTransformationOut"];
        };
        /** @description Null: the endpoint had no code that changes its messages. */
        AttemptTransformationOut: {
            /**
             * @description By which it was sent; null when nothing was.
             * @example PUT
             */
            method: string | null;
            /** @description Why the code failed, for its author; null when it did not. */
            error: string | null;
        } | null;
        ListOfEndpointMessageOut: {
            data: components["schemas"]["EndpointMessageOut"][];
            /** @description Ask with it for the next page. Also of the last page: what is added later comes after it. */
            iterator: string | null;
            /** @description Ask with it for the page before. */
            prevIterator: string | null;
            /** @description There is nothing more in this direction. */
            done: boolean;
        };
        EndpointMessageOut: {
            /** @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT */
            id: string;
            eventId: string | null;
            eventType: string;
            payload: {
                [key: string]: unknown;
            } | string;
            channels: string[] | null;
            tags: string[] | null;
            /** @enum {string} */
            state: "accepted" | "scheduled" | "canceled";
            deliverAt: string | null;
            /** Format: date-time */
            timestamp: string;
            /** @description 0 success, 1 pending, 2 fail, 3 sending, 4 canceled (shown with `expanded_statuses`). */
            status: number;
            statusText: string;
            /** @description When it will be tried again. */
            nextAttempt: string | null;
        };
        ListOfMessageEndpointOut: {
            data: components["schemas"]["MessageEndpointOut"][];
            /** @description Ask with it for the next page. Also of the last page: what is added later comes after it. */
            iterator: string | null;
            /** @description Ask with it for the page before. */
            prevIterator: string | null;
            /** @description There is nothing more in this direction. */
            done: boolean;
        };
        MessageEndpointOut: {
            /** @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT */
            id: string;
            uid: string | null;
            url: string;
            description: string;
            disabled: boolean;
            eventTypes: string[] | null;
            /** @deprecated */
            filterTypes: string[] | null;
            channels: string[] | null;
            throttleRate: number | null;
            /** @deprecated */
            rateLimit: number | null;
            /** @deprecated */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description 0 success, 1 pending, 2 fail, 3 sending, 4 canceled (shown with `expanded_statuses`). */
            status: number;
            statusText: string;
            /** @description When it will be tried again. */
            nextAttempt: string | null;
        };
        ListOfExplanationOut: {
            data: components["schemas"]["ExplanationOut"][];
            /** @description Ask with it for the next page. Also of the last page: what is added later comes after it. */
            iterator: string | null;
            /** @description Ask with it for the page before. */
            prevIterator: string | null;
            /** @description There is nothing more in this direction. */
            done: boolean;
        };
        /**
         * @example {
         *       "endpointId": "ep_00PdZgP1mUfrWVHT7bLhCUOkPPT",
         *       "endpointUid": "main",
         *       "url": "https://example.com/webhooks",
         *       "outcome": "not_sent",
         *       "reason": "event_type",
         *       "sentence": "The endpoint does not want messages of the type invoice.paid.",
         *       "status": null,
         *       "attempts": 0,
         *       "nextAttempt": null,
         *       "changedSince": false
         *     }
         */
        ExplanationOut: {
            /** @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT */
            endpointId: string;
            endpointUid: string | null;
            url: string;
            /** @enum {string} */
            outcome: "delivered" | "pending" | "failed" | "canceled" | "not_sent";
            /**
             * @description A stable word. `matched`: it is or was for this endpoint; `event_type`, `channel`, `filter`, `disabled`, `created_later`, `deleted`, `message_canceled`, `unknown`: why it was not sent; `scheduled`, `accepted`: it is still to come; of what failed or was canceled, the reason of the delivery.
             * @example event_type
             */
            reason: string;
            /** @description The same for people. */
            sentence: string;
            /** @description Of the delivery; null: there is none. */
            status: number | null;
            attempts: number;
            nextAttempt: string | null;
            /** @description The endpoint was changed after the message came. */
            changedSince: boolean;
        };
        EndpointStatsOut: {
            /** @description Attempts that succeeded. */
            success: number;
            /** @description Attempts that failed. */
            fail: number;
            /** @description Messages of that time that wait, now. */
            pending: number;
            /** @description Messages of that time that are being sent, now. */
            sending: number;
            /** @description Messages of that time that were canceled. */
            canceled: number;
        };
        ReplayIn: {
            /**
             * Format: date-time
             * @description Messages from then on.
             */
            since: string;
            /** @description Messages until then; until now by default. */
            until?: string | null;
        };
        ReplayOut: {
            /**
             * @description Of the background task.
             * @example qtask_00PdZgP1mUfrWVHT7bLhCUOkPPT
             */
            id: string;
            /** @enum {string} */
            status: "running";
            /** @example endpoint.recover */
            task: string;
            /** Format: date-time */
            updatedAt: string;
        };
        BulkReplayIn: {
            /**
             * Format: date-time
             * @description Messages from then on.
             */
            since: string;
            /** @description Messages until then; until now by default. */
            until?: string | null;
            /** @description Only messages of these types. */
            eventTypes?: string[] | null;
            channel?: string | null;
            tag?: string | null;
            /** @description Only what ended so: 0 success, 2 fail, 4 canceled. */
            status?: (0 | 1 | 2 | 3 | 4) | null;
            /** @description Only where the last attempt was answered so; 0: there was no response. */
            statusCodeClass?: (0 | 100 | 200 | 300 | 400 | 500) | null;
        };
        /** @default {} */
        EndpointEnableIn: {
            /** @description Also send all since then that failed, or came while the endpoint was disabled; without it nothing is sent again. */
            recoverSince?: string | null;
        };
        EndpointEnabledOut: {
            endpoint: components["schemas"]["EndpointOut"];
            /** @description Sends what was missed; null without `recoverSince`. */
            task: components["schemas"]["ReplayOut"] | null;
        };
        EventExampleIn: {
            /**
             * @description An event type with an example in its schema, or `svix.ping`, which is always there.
             * @example invoice.paid
             */
            eventType: string;
            /**
             * @description Which of the examples in the schema.
             * @default 0
             */
            exampleIndex?: number;
        };
        /**
         * @example {
         *       "code": "function handler(webhook) {\n  webhook.payload = { text: 'Paid: ' + webhook.payload.invoice };\n  return webhook;\n}",
         *       "eventType": "invoice.paid",
         *       "payload": {
         *         "invoice": "in_1"
         *       }
         *     }
         */
        EndpointTransformationSimulateIn: {
            /**
             * @description Left out: that of the endpoint.
             * @example function handler(webhook) {
             *       webhook.payload = { text: 'Paid: ' + webhook.payload.invoice };
             *       return webhook;
             *     }
             */
            code?: string | null;
            /**
             * @description Left out: those of the endpoint.
             * @example {
             *       "channel": "C024BE91L"
             *     }
             */
            variables?: {
                [key: string]: string;
            } | null;
            /** @example invoice.paid */
            eventType: string;
            /**
             * @description Of the message.
             * @example {
             *       "invoice": "in_1"
             *     }
             */
            payload: unknown;
        };
        EndpointTransformationSimulateOut: {
            /** @enum {string} */
            outcome: "changed" | "canceled" | "failed";
            method: string | null;
            url: string | null;
            /** @description Beside those of every delivery. Credentials are hidden. */
            headers: {
                [key: string]: string;
            } | null;
            /**
             * @description What would be sent, as text.
             * @example {"text":"Paid: in_1"}
             */
            payload: string | null;
            /**
             * @description Of the attempt that would have failed.
             * @example transformation_error
             */
            reason: string | null;
            reasonText: string | null;
            /**
             * @description For the author of the code.
             * @example TypeError: cannot read property 'id' of undefined (line 2)
             */
            error: string | null;
        };
        OperationalWebhookEndpointIn: {
            /**
             * @description At most 2,048 bytes, on the public Internet, without a login: http, https, or a queue by `amqps://host/vhost?exchange=…&routingKey=…` (or amqp), for which the header `Authorization: Basic …` holds the login.
             * @example https://example.com/webhooks
             */
            url: string;
            /**
             * @description Your own id; every path takes it in place of the id.
             * @example main
             */
            uid?: string | null;
            description?: string;
            disabled?: boolean;
            /** @description Only events of these types; null or nothing: all. */
            eventTypes?: ("endpoint.created" | "endpoint.updated" | "endpoint.deleted" | "endpoint.failing" | "endpoint.disabled" | "endpoint.enabled" | "message.attempt.failing" | "message.attempt.exhausted" | "message.attempt.recovered")[] | null;
            /**
             * @deprecated
             * @description Former name of `eventTypes`.
             */
            filterTypes?: ("endpoint.created" | "endpoint.updated" | "endpoint.deleted" | "endpoint.failing" | "endpoint.disabled" | "endpoint.enabled" | "message.attempt.failing" | "message.attempt.exhausted" | "message.attempt.recovered")[] | null;
            /** @description Only messages whose payload is like this; null or nothing: all. The language: docs/filters.md. */
            filter?: {
                [key: string]: unknown;
            } | null;
            /** @description Messages per second. */
            throttleRate?: number | null;
            /**
             * @deprecated
             * @description Former name of `throttleRate`.
             */
            rateLimit?: number | null;
            /**
             * @description `fifo`: one message after the other, in their order; a message that fails holds up those behind it.
             * @enum {string}
             */
            ordering?: "none" | "fifo";
            /** @description Requests at the same time; null: the default. */
            maxInFlight?: number | null;
            /** @description Milliseconds that one attempt may take, from the look-up of the name to the last byte; null: the default. */
            timeoutMs?: number | null;
            /**
             * @description Seconds to wait after the first, second, … attempt; empty: no retries; null: the default.
             * @example [
             *       5,
             *       300,
             *       1800
             *     ]
             */
            retrySchedule?: number[] | null;
            /** @description Own keys and values, at most 4096 bytes of JSON. */
            metadata?: {
                [key: string]: string;
            } | null;
            /** @description `whsec_…` or `whsk_…`; one is made when it is left out. */
            secret?: string | null;
            headers?: {
                [key: string]: string;
            } | null;
        };
        OperationalWebhookEndpointUpdate: {
            /**
             * @description At most 2,048 bytes, on the public Internet, without a login: http, https, or a queue by `amqps://host/vhost?exchange=…&routingKey=…` (or amqp), for which the header `Authorization: Basic …` holds the login.
             * @example https://example.com/webhooks
             */
            url: string;
            /**
             * @description Your own id; every path takes it in place of the id.
             * @example main
             */
            uid?: string | null;
            description?: string;
            disabled?: boolean;
            /** @description Only events of these types; null or nothing: all. */
            eventTypes?: ("endpoint.created" | "endpoint.updated" | "endpoint.deleted" | "endpoint.failing" | "endpoint.disabled" | "endpoint.enabled" | "message.attempt.failing" | "message.attempt.exhausted" | "message.attempt.recovered")[] | null;
            /**
             * @deprecated
             * @description Former name of `eventTypes`.
             */
            filterTypes?: ("endpoint.created" | "endpoint.updated" | "endpoint.deleted" | "endpoint.failing" | "endpoint.disabled" | "endpoint.enabled" | "message.attempt.failing" | "message.attempt.exhausted" | "message.attempt.recovered")[] | null;
            /** @description Only messages whose payload is like this; null or nothing: all. The language: docs/filters.md. */
            filter?: {
                [key: string]: unknown;
            } | null;
            /** @description Messages per second. */
            throttleRate?: number | null;
            /**
             * @deprecated
             * @description Former name of `throttleRate`.
             */
            rateLimit?: number | null;
            /**
             * @description `fifo`: one message after the other, in their order; a message that fails holds up those behind it.
             * @enum {string}
             */
            ordering?: "none" | "fifo";
            /** @description Requests at the same time; null: the default. */
            maxInFlight?: number | null;
            /** @description Milliseconds that one attempt may take, from the look-up of the name to the last byte; null: the default. */
            timeoutMs?: number | null;
            /**
             * @description Seconds to wait after the first, second, … attempt; empty: no retries; null: the default.
             * @example [
             *       5,
             *       300,
             *       1800
             *     ]
             */
            retrySchedule?: number[] | null;
            /** @description Own keys and values, at most 4096 bytes of JSON. */
            metadata?: {
                [key: string]: string;
            } | null;
        };
        OperationalWebhookEndpointPatch: {
            /**
             * @description At most 2,048 bytes, on the public Internet, without a login: http, https, or a queue by `amqps://host/vhost?exchange=…&routingKey=…` (or amqp), for which the header `Authorization: Basic …` holds the login.
             * @example https://example.com/webhooks
             */
            url?: string;
            /**
             * @description Your own id; every path takes it in place of the id.
             * @example main
             */
            uid?: string | null;
            description?: string;
            disabled?: boolean;
            /** @description Only events of these types; null or nothing: all. */
            eventTypes?: ("endpoint.created" | "endpoint.updated" | "endpoint.deleted" | "endpoint.failing" | "endpoint.disabled" | "endpoint.enabled" | "message.attempt.failing" | "message.attempt.exhausted" | "message.attempt.recovered")[] | null;
            /**
             * @deprecated
             * @description Former name of `eventTypes`.
             */
            filterTypes?: ("endpoint.created" | "endpoint.updated" | "endpoint.deleted" | "endpoint.failing" | "endpoint.disabled" | "endpoint.enabled" | "message.attempt.failing" | "message.attempt.exhausted" | "message.attempt.recovered")[] | null;
            /** @description Only messages whose payload is like this; null or nothing: all. The language: docs/filters.md. */
            filter?: {
                [key: string]: unknown;
            } | null;
            /** @description Messages per second. */
            throttleRate?: number | null;
            /**
             * @deprecated
             * @description Former name of `throttleRate`.
             */
            rateLimit?: number | null;
            /**
             * @description `fifo`: one message after the other, in their order; a message that fails holds up those behind it.
             * @enum {string}
             */
            ordering?: "none" | "fifo";
            /** @description Requests at the same time; null: the default. */
            maxInFlight?: number | null;
            /** @description Milliseconds that one attempt may take, from the look-up of the name to the last byte; null: the default. */
            timeoutMs?: number | null;
            /**
             * @description Seconds to wait after the first, second, … attempt; empty: no retries; null: the default.
             * @example [
             *       5,
             *       300,
             *       1800
             *     ]
             */
            retrySchedule?: number[] | null;
            /** @description Own keys and values, at most 4096 bytes of JSON. */
            metadata?: {
                [key: string]: string;
            } | null;
        };
        AppUsageStatsIn: {
            /**
             * Format: date-time
             * @description Messages from then on.
             */
            since: string;
            /**
             * Format: date-time
             * @description Messages before then.
             */
            until: string;
            /** @description Ids or uids; all applications when there are none. */
            appIds?: string[] | null;
        };
        AppUsageStatsOut: {
            /**
             * @description Of the background task.
             * @example qtask_00PdZgP1mUfrWVHT7bLhCUOkPPT
             */
            id: string;
            /** @enum {string} */
            status: "running";
            /** @example application.stats */
            task: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description Of `appIds`, those that name no application. */
            unresolvedAppIds: string[];
        };
        /** @description Every refusal and failure (RFC 9457). */
        Problem: {
            /**
             * Format: uri
             * @description Where this error is explained.
             * @example https://posthorn.example.com/docs/errors#not_found
             */
            type: string;
            /** @example Not found */
            title: string;
            /** @example 404 */
            status: number;
            /**
             * @description Stable: programs may rely on it.
             * @example not_found
             */
            code: string;
            /** @description A sentence, or one entry for each field that breaks the schema. */
            detail: string | {
                /**
                 * @example [
                 *       "body",
                 *       "name"
                 *     ]
                 */
                loc: (string | number)[];
                /** @example Invalid input: expected string, received number */
                msg: string;
                /** @example value_error */
                type: string;
                /** @description JSON Pointer into the payload, when it breaks the schema of its event type. */
                pointer?: string;
            }[];
            requestId: string;
        };
    };
    responses: {
        /** @description Refused, or failed: `code` says why. */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "https://posthorn.example.com/docs/errors#not_found",
                 *       "title": "Not found",
                 *       "status": 404,
                 *       "code": "not_found",
                 *       "detail": "Entity not found.",
                 *       "requestId": "req_00PdZgP1mUfrWVHT7bLhCUOkPPT"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /**
         * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
         *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
         * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
         */
        IdempotencyKey: string;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "database": {
                     *         "status": "ok"
                     *       },
                     *       "queue": {
                     *         "status": "ok"
                     *       },
                     *       "cache": {
                     *         "status": "ok"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["HealthOut"];
                };
            };
            /** @description They cannot: something is not reachable. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "database": {
                     *         "status": "ok"
                     *       },
                     *       "queue": {
                     *         "status": "ok"
                     *       },
                     *       "cache": {
                     *         "status": "ok"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["HealthOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    pingHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Somebody does. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listAuditEntries: {
        parameters: {
            query?: {
                /**
                 * @description Items per page, at most 250.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `iterator` of the last page for the next one, `prevIterator` for the one before.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                iterator?: string;
                /** @example ascending */
                order?: "ascending" | "descending";
                /**
                 * @description One or several, such as `api_key.created`.
                 * @example []
                 */
                action?: string[];
                /**
                 * @description Id of a user, an API key or a portal token.
                 * @example user_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                actor?: string;
                /**
                 * @description Id of what it was done to.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                object?: string;
                /** @example success */
                result?: "success" | "refused";
                /** @example 2026-01-31T12:00:00.000Z */
                before?: string;
                /** @example 2026-01-30T12:00:00Z */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of entries. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "aud_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "actor": {
                     *             "kind": "user",
                     *             "id": "user_00PdZgP1mUfrWVHT7bLhCUOkPPT"
                     *           },
                     *           "action": "api_key.created",
                     *           "object": "ep_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "result": "success",
                     *           "requestId": "req_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "occurredAt": "2026-01-31T12:00:00.000Z",
                     *           "address": "198.51.100.7",
                     *           "fields": []
                     *         }
                     *       ],
                     *       "iterator": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "prevIterator": "-msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "done": true
                     *     }
                     */
                    "application/json": components["schemas"]["ListOfAuditEntryOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ann@example.com",
                 *       "password": "violet kettle orbit 17",
                 *       "name": "Ann Miller"
                 *     }
                 */
                "application/json": components["schemas"]["RegisterIn"];
            };
        };
        responses: {
            /** @description A mail is on its way. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example {} */
                    "application/json": components["schemas"]["EmptyOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    verifyEmail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "kR3vX9mQ2tYw7LzBn5PcHs8DfGj4VaEu"
                 *     }
                 */
                "application/json": components["schemas"]["VerifyEmailIn"];
            };
        };
        responses: {
            /** @description Confirmed and signed in. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accessToken": "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1c2VyXzAwIn0.c2lnbmF0dXJl",
                     *       "refreshToken": "kR3vX9mQ2tYw7LzBn5PcHs8DfGj4VaEu",
                     *       "tokenType": "Bearer",
                     *       "expiresIn": 0
                     *     }
                     */
                    "application/json": components["schemas"]["SignedInOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ann@example.com",
                 *       "password": "violet kettle orbit 17"
                 *     }
                 */
                "application/json": components["schemas"]["LoginIn"];
            };
        };
        responses: {
            /** @description Signed in. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accessToken": "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1c2VyXzAwIn0.c2lnbmF0dXJl",
                     *       "refreshToken": "kR3vX9mQ2tYw7LzBn5PcHs8DfGj4VaEu",
                     *       "tokenType": "Bearer",
                     *       "expiresIn": 0
                     *     }
                     */
                    "application/json": components["schemas"]["SignedInOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "refreshToken": "kR3vX9mQ2tYw7LzBn5PcHs8DfGj4VaEu"
                 *     }
                 */
                "application/json": components["schemas"]["RefreshIn"];
            };
        };
        responses: {
            /** @description The next tokens. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accessToken": "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1c2VyXzAwIn0.c2lnbmF0dXJl",
                     *       "refreshToken": "kR3vX9mQ2tYw7LzBn5PcHs8DfGj4VaEu",
                     *       "tokenType": "Bearer",
                     *       "expiresIn": 0
                     *     }
                     */
                    "application/json": components["schemas"]["SignedInOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "refreshToken": "kR3vX9mQ2tYw7LzBn5PcHs8DfGj4VaEu"
                 *     }
                 */
                "application/json": components["schemas"]["LogoutIn"];
            };
        };
        responses: {
            /** @description Signed out, also when the session had ended before. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The caller. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "user_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "name": "Ann Miller",
                     *       "email": "ann@example.com",
                     *       "emailVerified": true,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "organizations": [
                     *         {
                     *           "id": "org_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "name": "Acme Inc.",
                     *           "role": "owner"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ProfileOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    eraseMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "violet kettle orbit 17"
                 *     }
                 */
                "application/json": components["schemas"]["AccountCloseIn"];
            };
        };
        responses: {
            /** @description Closed. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example {} */
                    "application/json": components["schemas"]["EmptyOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    updateMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Ann Miller"
                 *     }
                 */
                "application/json": components["schemas"]["ProfilePatch"];
            };
        };
        responses: {
            /** @description The caller as they are now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "user_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "name": "Ann Miller",
                     *       "email": "ann@example.com",
                     *       "emailVerified": true,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "organizations": [
                     *         {
                     *           "id": "org_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "name": "Acme Inc.",
                     *           "role": "owner"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ProfileOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listSessions: {
        parameters: {
            query?: {
                /**
                 * @description Items per page, at most 250.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `iterator` of the last page for the next one, `prevIterator` for the one before.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                iterator?: string;
                /** @example ascending */
                order?: "ascending" | "descending";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of open sessions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "ses_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "current": true,
                     *           "userAgent": "Mozilla/5.0",
                     *           "address": "198.51.100.7",
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "refreshedAt": "2026-01-31T12:00:00.000Z",
                     *           "expiresAt": "2026-01-31T12:00:00.000Z"
                     *         }
                     *       ],
                     *       "iterator": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "prevIterator": "-msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "done": true
                     *     }
                     */
                    "application/json": components["schemas"]["ListOfSessionOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    endOtherSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All sessions but this one have ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the session.
                 * @example ses_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    forgotPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ann@example.com"
                 *     }
                 */
                "application/json": components["schemas"]["ForgotPasswordIn"];
            };
        };
        responses: {
            /** @description A mail is on its way, if there is an account. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example {} */
                    "application/json": components["schemas"]["EmptyOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    resetPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "kR3vX9mQ2tYw7LzBn5PcHs8DfGj4VaEu",
                 *       "password": "violet kettle orbit 17"
                 *     }
                 */
                "application/json": components["schemas"]["ResetPasswordIn"];
            };
        };
        responses: {
            /** @description Set. Sign in with it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "currentPassword": "violet kettle orbit 17",
                 *       "newPassword": "amber lantern glacier 42"
                 *     }
                 */
                "application/json": components["schemas"]["ChangePasswordIn"];
            };
        };
        responses: {
            /** @description Changed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    changeEmail: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ann@example.com",
                 *       "password": "violet kettle orbit 17"
                 *     }
                 */
                "application/json": components["schemas"]["ChangeEmailIn"];
            };
        };
        responses: {
            /** @description Two mails are on their way. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example {} */
                    "application/json": components["schemas"]["EmptyOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    confirmEmailChange: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "kR3vX9mQ2tYw7LzBn5PcHs8DfGj4VaEu"
                 *     }
                 */
                "application/json": components["schemas"]["EmailChangeConfirmIn"];
            };
        };
        responses: {
            /** @description Agreed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "confirmed": "old",
                     *       "changed": true
                     *     }
                     */
                    "application/json": components["schemas"]["EmailChangeOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    startSecondFactor: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "violet kettle orbit 17"
                 *     }
                 */
                "application/json": components["schemas"]["SecondFactorStartIn"];
            };
        };
        responses: {
            /** @description Confirm it with a first code. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "secret": "JBSWY3DPEHPK3PXP",
                     *       "uri": "otpauth://totp/Posthorn:ann@example.com?secret=JBSWY3DPEHPK3PXP"
                     *     }
                     */
                    "application/json": components["schemas"]["SecondFactorOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    removeSecondFactor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "violet kettle orbit 17",
                 *       "code": "492039"
                 *     }
                 */
                "application/json": components["schemas"]["SecondFactorChangeIn"];
            };
        };
        responses: {
            /** @description Removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    confirmSecondFactor: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "492039"
                 *     }
                 */
                "application/json": components["schemas"]["SecondFactorConfirmIn"];
            };
        };
        responses: {
            /** @description Set up. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "recoveryCodes": [
                     *         "k7wd-3mzp-q9xa-t2vh"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["RecoveryCodesOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    renewRecoveryCodes: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "violet kettle orbit 17",
                 *       "code": "492039"
                 *     }
                 */
                "application/json": components["schemas"]["SecondFactorChangeIn"];
            };
        };
        responses: {
            /** @description The new ones. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "recoveryCodes": [
                     *         "k7wd-3mzp-q9xa-t2vh"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["RecoveryCodesOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    exportMe: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description On its way. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "taskId": "qtask_00PdZgP1mUfrWVHT7bLhCUOkPPT"
                     *     }
                     */
                    "application/json": components["schemas"]["AccountExportStartedOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getMyExport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the task.
                 * @example qtask_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                taskId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The export. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "taskId": "qtask_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "status": "running",
                     *       "data": null
                     *     }
                     */
                    "application/json": components["schemas"]["AccountExportOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listApiKeys: {
        parameters: {
            query?: {
                /**
                 * @description Items per page, at most 250.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `iterator` of the last page for the next one, `prevIterator` for the one before.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                iterator?: string;
                /** @example ascending */
                order?: "ascending" | "descending";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of keys. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "key_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "name": "CI",
                     *           "scopes": [
                     *             "message.write"
                     *           ],
                     *           "prefix": "ph_live_",
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "expiresAt": null,
                     *           "lastUsedAt": null
                     *         }
                     *       ],
                     *       "iterator": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "prevIterator": "-msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "done": true
                     *     }
                     */
                    "application/json": components["schemas"]["ListOfApiKeyOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    createApiKey: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "CI",
                 *       "scopes": [
                 *         "message.write"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["ApiKeyIn"];
            };
        };
        responses: {
            /** @description Made. Keep the token: it is shown this once. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "key_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "name": "CI",
                     *       "scopes": [
                     *         "message.write"
                     *       ],
                     *       "prefix": "ph_live_",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "expiresAt": null,
                     *       "lastUsedAt": null,
                     *       "token": "kR3vX9mQ2tYw7LzBn5PcHs8DfGj4VaEu"
                     *     }
                     */
                    "application/json": components["schemas"]["NewApiKeyOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    revokeApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the API key.
                 * @example key_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                apiKeyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    patchApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the API key.
                 * @example key_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                apiKeyId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "scopes": [
                 *         "message.write"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["ApiKeyPatch"];
            };
        };
        responses: {
            /** @description The key as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "key_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "name": "CI",
                     *       "scopes": [
                     *         "message.write"
                     *       ],
                     *       "prefix": "ph_live_",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "expiresAt": null,
                     *       "lastUsedAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["ApiKeyOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    openPortal: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "capabilities": [
                 *         "ViewBase",
                 *         "ManageEndpoint"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["AppPortalAccessIn"];
            };
        };
        responses: {
            /** @description The link and the token in it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "url": "https://example.com/webhooks",
                     *       "token": "kR3vX9mQ2tYw7LzBn5PcHs8DfGj4VaEu"
                     *     }
                     */
                    "application/json": components["schemas"]["AppPortalAccessOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    openDashboard: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The link and the token in it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "url": "https://example.com/webhooks",
                     *       "token": "kR3vX9mQ2tYw7LzBn5PcHs8DfGj4VaEu"
                     *     }
                     */
                    "application/json": components["schemas"]["AppPortalAccessOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    endPortalAccess: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": components["schemas"]["AppPortalExpireAllIn"];
            };
        };
        responses: {
            /** @description Ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listIdentityProviders: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The OpenID providers that are configured. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "acme-sso",
                     *           "name": "Acme SSO"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ProvidersOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listOrganizations: {
        parameters: {
            query?: {
                /**
                 * @description Items per page, at most 250.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `iterator` of the last page for the next one, `prevIterator` for the one before.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                iterator?: string;
                /** @example ascending */
                order?: "ascending" | "descending";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of organizations. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "org_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "name": "Acme Inc.",
                     *           "role": "viewer",
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "updatedAt": "2026-01-31T12:00:00.000Z",
                     *           "deletedAt": null,
                     *           "eraseAt": null
                     *         }
                     *       ],
                     *       "iterator": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "prevIterator": "-msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "done": true
                     *     }
                     */
                    "application/json": components["schemas"]["ListOfOrganizationOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    createOrganization: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Acme Inc."
                 *     }
                 */
                "application/json": components["schemas"]["OrganizationIn"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "org_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "name": "Acme Inc.",
                     *       "role": "viewer",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z",
                     *       "deletedAt": null,
                     *       "eraseAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["OrganizationOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getOrganization: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the organization.
                 * @example org_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                organizationId: unknown;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The organization. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "org_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "name": "Acme Inc.",
                     *       "role": "viewer",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z",
                     *       "deletedAt": null,
                     *       "eraseAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["OrganizationOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    deleteOrganization: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the organization.
                 * @example org_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                organizationId: unknown;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Closed. Pending deliveries are canceled. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "org_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "name": "Acme Inc.",
                     *       "role": "viewer",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z",
                     *       "deletedAt": null,
                     *       "eraseAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["OrganizationOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    updateOrganization: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the organization.
                 * @example org_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                organizationId: unknown;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Acme Inc."
                 *     }
                 */
                "application/json": components["schemas"]["OrganizationIn"];
            };
        };
        responses: {
            /** @description Renamed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "org_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "name": "Acme Inc.",
                     *       "role": "viewer",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z",
                     *       "deletedAt": null,
                     *       "eraseAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["OrganizationOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    restoreOrganization: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description Id of the organization.
                 * @example org_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                organizationId: unknown;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Open again. Canceled deliveries stay canceled. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "org_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "name": "Acme Inc.",
                     *       "role": "viewer",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z",
                     *       "deletedAt": null,
                     *       "eraseAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["OrganizationOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    transferOrganization: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description Id of the organization.
                 * @example org_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                organizationId: unknown;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "userId": "user_00PdZgP1mUfrWVHT7bLhCUOkPPT"
                 *     }
                 */
                "application/json": components["schemas"]["OrganizationTransferIn"];
            };
        };
        responses: {
            /** @description Handed over. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "org_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "name": "Acme Inc.",
                     *       "role": "viewer",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z",
                     *       "deletedAt": null,
                     *       "eraseAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["OrganizationOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    leaveOrganization: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description Id of the organization.
                 * @example org_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                organizationId: unknown;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Left. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listMembers: {
        parameters: {
            query?: {
                /**
                 * @description Items per page, at most 250.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `iterator` of the last page for the next one, `prevIterator` for the one before.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                iterator?: string;
                /** @example ascending */
                order?: "ascending" | "descending";
            };
            header?: never;
            path: {
                /**
                 * @description Id of the organization.
                 * @example org_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                organizationId: unknown;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of members. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "user_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "name": "Ann Miller",
                     *           "email": "ann@example.com",
                     *           "role": "viewer",
                     *           "joinedAt": "2026-01-31T12:00:00.000Z"
                     *         }
                     *       ],
                     *       "iterator": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "prevIterator": "-msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "done": true
                     *     }
                     */
                    "application/json": components["schemas"]["ListOfMemberOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the user.
                 * @example user_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                userId: string;
                /**
                 * @description Id of the organization.
                 * @example org_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                organizationId: unknown;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The member. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "user_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "name": "Ann Miller",
                     *       "email": "ann@example.com",
                     *       "role": "viewer",
                     *       "joinedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["MemberOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    removeMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the user.
                 * @example user_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                userId: string;
                /**
                 * @description Id of the organization.
                 * @example org_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                organizationId: unknown;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    changeRole: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the user.
                 * @example user_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                userId: string;
                /**
                 * @description Id of the organization.
                 * @example org_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                organizationId: unknown;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "role": "viewer"
                 *     }
                 */
                "application/json": components["schemas"]["MemberIn"];
            };
        };
        responses: {
            /** @description Changed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "user_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "name": "Ann Miller",
                     *       "email": "ann@example.com",
                     *       "role": "viewer",
                     *       "joinedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["MemberOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listInvitations: {
        parameters: {
            query?: {
                /**
                 * @description Items per page, at most 250.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `iterator` of the last page for the next one, `prevIterator` for the one before.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                iterator?: string;
                /** @example ascending */
                order?: "ascending" | "descending";
            };
            header?: never;
            path: {
                /**
                 * @description Id of the organization.
                 * @example org_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                organizationId: unknown;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of invitations. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "inv_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "email": "ann@example.com",
                     *           "role": "viewer",
                     *           "invitedBy": "user_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "expiresAt": "2026-01-31T12:00:00.000Z"
                     *         }
                     *       ],
                     *       "iterator": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "prevIterator": "-msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "done": true
                     *     }
                     */
                    "application/json": components["schemas"]["ListOfInvitationOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    createInvitation: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description Id of the organization.
                 * @example org_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                organizationId: unknown;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ann@example.com",
                 *       "role": "viewer"
                 *     }
                 */
                "application/json": components["schemas"]["InvitationIn"];
            };
        };
        responses: {
            /** @description A mail is on its way. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "inv_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "email": "ann@example.com",
                     *       "role": "viewer",
                     *       "invitedBy": "user_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "expiresAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["InvitationOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    resendInvitation: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description Id of the invitation.
                 * @example inv_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                invitationId: string;
                /**
                 * @description Id of the organization.
                 * @example org_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                organizationId: unknown;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A mail is on its way; the link of the last one ends. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "inv_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "email": "ann@example.com",
                     *       "role": "viewer",
                     *       "invitedBy": "user_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "expiresAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["InvitationOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    revokeInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the invitation.
                 * @example inv_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                invitationId: string;
                /**
                 * @description Id of the organization.
                 * @example org_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                organizationId: unknown;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    acceptInvitation: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "kR3vX9mQ2tYw7LzBn5PcHs8DfGj4VaEu"
                 *     }
                 */
                "application/json": components["schemas"]["InvitationAcceptIn"];
            };
        };
        responses: {
            /** @description Joined. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "org_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "name": "Acme Inc.",
                     *       "role": "viewer",
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z",
                     *       "deletedAt": null,
                     *       "eraseAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["OrganizationOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listBackgroundTasks: {
        parameters: {
            query?: {
                /**
                 * @description Items per page, at most 250.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `iterator` of the last page for the next one, `prevIterator` for the one before.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                iterator?: string;
                /** @example ascending */
                order?: "ascending" | "descending";
                /** @example running */
                status?: "running" | "finished" | "failed" | "canceled";
                /**
                 * @description Only tasks of this type.
                 * @example endpoint.recover
                 */
                task?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "qtask_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "task": "endpoint.recover",
                     *           "status": "running",
                     *           "data": {
                     *             "replayed": 42
                     *           },
                     *           "progress": null,
                     *           "reason": null,
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "updatedAt": "2026-01-31T12:00:00.000Z",
                     *           "finishedAt": null
                     *         }
                     *       ],
                     *       "iterator": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "prevIterator": "-msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "done": true
                     *     }
                     */
                    "application/json": components["schemas"]["ListOfBackgroundTaskOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getBackgroundTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the task.
                 * @example qtask_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                task_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "qtask_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "task": "endpoint.recover",
                     *       "status": "running",
                     *       "data": {
                     *         "replayed": 42
                     *       },
                     *       "progress": null,
                     *       "reason": null,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z",
                     *       "finishedAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["BackgroundTaskOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    cancelBackgroundTask: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description Id of the task.
                 * @example qtask_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                task_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "qtask_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "task": "endpoint.recover",
                     *       "status": "running",
                     *       "data": {
                     *         "replayed": 42
                     *       },
                     *       "progress": null,
                     *       "reason": null,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z",
                     *       "finishedAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["BackgroundTaskOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listApplications: {
        parameters: {
            query?: {
                /**
                 * @description Items per page, at most 250.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `iterator` of the last page for the next one, `prevIterator` for the one before.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                iterator?: string;
                /** @example ascending */
                order?: "ascending" | "descending";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "app_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "uid": "main",
                     *           "name": "Acme Inc.",
                     *           "throttleRate": null,
                     *           "rateLimit": null,
                     *           "metadata": {
                     *             "plan": "pro"
                     *           },
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "updatedAt": "2026-01-31T12:00:00.000Z"
                     *         }
                     *       ],
                     *       "iterator": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "prevIterator": "-msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "done": true
                     *     }
                     */
                    "application/json": components["schemas"]["ListOfApplicationOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    createApplication: {
        parameters: {
            query?: {
                /**
                 * @description Answer 200 with the application that already has this uid.
                 * @example true
                 */
                get_if_exists?: boolean;
            };
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Acme Inc.",
                 *       "uid": "customer-7"
                 *     }
                 */
                "application/json": components["schemas"]["ApplicationIn"];
            };
        };
        responses: {
            /** @description With `get_if_exists`: it was there. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "app_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "uid": "main",
                     *       "name": "Acme Inc.",
                     *       "throttleRate": null,
                     *       "rateLimit": null,
                     *       "metadata": {
                     *         "plan": "pro"
                     *       },
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ApplicationOut"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "app_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "uid": "main",
                     *       "name": "Acme Inc.",
                     *       "throttleRate": null,
                     *       "rateLimit": null,
                     *       "metadata": {
                     *         "plan": "pro"
                     *       },
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ApplicationOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getApplication: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "app_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "uid": "main",
                     *       "name": "Acme Inc.",
                     *       "throttleRate": null,
                     *       "rateLimit": null,
                     *       "metadata": {
                     *         "plan": "pro"
                     *       },
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ApplicationOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    upsertApplication: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Acme Inc.",
                 *       "uid": "customer-7"
                 *     }
                 */
                "application/json": components["schemas"]["ApplicationIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "app_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "uid": "main",
                     *       "name": "Acme Inc.",
                     *       "throttleRate": null,
                     *       "rateLimit": null,
                     *       "metadata": {
                     *         "plan": "pro"
                     *       },
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ApplicationOut"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "app_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "uid": "main",
                     *       "name": "Acme Inc.",
                     *       "throttleRate": null,
                     *       "rateLimit": null,
                     *       "metadata": {
                     *         "plan": "pro"
                     *       },
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ApplicationOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    deleteApplication: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    patchApplication: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Acme Inc.",
                 *       "uid": "customer-7"
                 *     }
                 */
                "application/json": components["schemas"]["ApplicationPatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "app_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "uid": "main",
                     *       "name": "Acme Inc.",
                     *       "throttleRate": null,
                     *       "rateLimit": null,
                     *       "metadata": {
                     *         "plan": "pro"
                     *       },
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ApplicationOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listEventTypes: {
        parameters: {
            query?: {
                /**
                 * @description Items per page, at most 250.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `iterator` of the last page for the next one, `prevIterator` for the one before.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                iterator?: string;
                /** @example ascending */
                order?: "ascending" | "descending";
                /** @example true */
                include_archived?: boolean;
                /**
                 * @description With the schemas, which are null otherwise.
                 * @example true
                 */
                with_content?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "name": "Acme Inc.",
                     *           "description": "Production",
                     *           "archived": true,
                     *           "deprecated": true,
                     *           "schemas": null,
                     *           "validation": "off",
                     *           "groupName": null,
                     *           "featureFlags": null,
                     *           "featureFlag": null,
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "updatedAt": "2026-01-31T12:00:00.000Z"
                     *         }
                     *       ],
                     *       "iterator": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "prevIterator": "-msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "done": true
                     *     }
                     */
                    "application/json": components["schemas"]["ListOfEventTypeOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    createEventType: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "user.created",
                 *       "description": "A user signed up."
                 *     }
                 */
                "application/json": components["schemas"]["EventTypeIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "Acme Inc.",
                     *       "description": "Production",
                     *       "archived": true,
                     *       "deprecated": true,
                     *       "schemas": null,
                     *       "validation": "off",
                     *       "groupName": null,
                     *       "featureFlags": null,
                     *       "featureFlag": null,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EventTypeOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getEventType: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Name of the event type.
                 * @example user.created
                 */
                event_type_name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "Acme Inc.",
                     *       "description": "Production",
                     *       "archived": true,
                     *       "deprecated": true,
                     *       "schemas": null,
                     *       "validation": "off",
                     *       "groupName": null,
                     *       "featureFlags": null,
                     *       "featureFlag": null,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EventTypeOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    upsertEventType: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Name of the event type.
                 * @example user.created
                 */
                event_type_name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "description": "A user signed up."
                 *     }
                 */
                "application/json": components["schemas"]["EventTypeUpdate"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "Acme Inc.",
                     *       "description": "Production",
                     *       "archived": true,
                     *       "deprecated": true,
                     *       "schemas": null,
                     *       "validation": "off",
                     *       "groupName": null,
                     *       "featureFlags": null,
                     *       "featureFlag": null,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EventTypeOut"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "Acme Inc.",
                     *       "description": "Production",
                     *       "archived": true,
                     *       "deprecated": true,
                     *       "schemas": null,
                     *       "validation": "off",
                     *       "groupName": null,
                     *       "featureFlags": null,
                     *       "featureFlag": null,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EventTypeOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    deleteEventType: {
        parameters: {
            query?: {
                /**
                 * @description Remove it for good in place of archiving it.
                 * @example true
                 */
                expunge?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description Name of the event type.
                 * @example user.created
                 */
                event_type_name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    patchEventType: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Name of the event type.
                 * @example user.created
                 */
                event_type_name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "description": "A user signed up."
                 *     }
                 */
                "application/json": components["schemas"]["EventTypePatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "Acme Inc.",
                     *       "description": "Production",
                     *       "archived": true,
                     *       "deprecated": true,
                     *       "schemas": null,
                     *       "validation": "off",
                     *       "groupName": null,
                     *       "featureFlags": null,
                     *       "featureFlag": null,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EventTypeOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    importEventTypes: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "spec": {
                 *         "openapi": "3.1.0",
                 *         "webhooks": {
                 *           "invoice.paid": {
                 *             "post": {
                 *               "requestBody": {
                 *                 "content": {
                 *                   "application/json": {
                 *                     "schema": {
                 *                       "type": "object"
                 *                     }
                 *                   }
                 *                 }
                 *               }
                 *             }
                 *           }
                 *         }
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["EventTypeImportOpenApiIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "modified": [],
                     *         "to_modify": null,
                     *         "archived": []
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["EventTypeImportOpenApiOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    downloadEnvironment: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 1,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "eventTypes": [
                     *         {
                     *           "name": "Acme Inc.",
                     *           "description": "Production",
                     *           "archived": true,
                     *           "deprecated": true,
                     *           "schemas": null,
                     *           "validation": "off",
                     *           "groupName": null,
                     *           "featureFlags": null,
                     *           "featureFlag": null,
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "updatedAt": "2026-01-31T12:00:00.000Z"
                     *         }
                     *       ],
                     *       "settings": null,
                     *       "connectors": []
                     *     }
                     */
                    "application/json": components["schemas"]["EnvironmentOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    exportEnvironment: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 1,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "eventTypes": [
                     *         {
                     *           "name": "Acme Inc.",
                     *           "description": "Production",
                     *           "archived": true,
                     *           "deprecated": true,
                     *           "schemas": null,
                     *           "validation": "off",
                     *           "groupName": null,
                     *           "featureFlags": null,
                     *           "featureFlag": null,
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "updatedAt": "2026-01-31T12:00:00.000Z"
                     *         }
                     *       ],
                     *       "settings": null,
                     *       "connectors": []
                     *     }
                     */
                    "application/json": components["schemas"]["EnvironmentOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    importEnvironment: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "eventTypes": [
                 *         {
                 *           "name": "user.created",
                 *           "description": "A user signed up."
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["EnvironmentIn"];
            };
        };
        responses: {
            /** @description Imported. Nothing is ever deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listEndpoints: {
        parameters: {
            query?: {
                /**
                 * @description Items per page, at most 250.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `iterator` of the last page for the next one, `prevIterator` for the one before.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                iterator?: string;
                /** @example ascending */
                order?: "ascending" | "descending";
            };
            header?: never;
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "ep_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "uid": "main",
                     *           "url": "https://example.com/webhooks",
                     *           "description": "Production",
                     *           "disabled": true,
                     *           "state": {
                     *             "status": "enabled",
                     *             "by": null,
                     *             "reason": null,
                     *             "since": "2026-01-31T12:00:00.000Z",
                     *             "pausedUntil": null,
                     *             "failingSince": null,
                     *             "disablesAt": null
                     *           },
                     *           "eventTypes": [
                     *             "invoice.paid"
                     *           ],
                     *           "filterTypes": [
                     *             "invoice.paid"
                     *           ],
                     *           "channels": [
                     *             "project_7"
                     *           ],
                     *           "filter": {
                     *             "order.total": {
                     *               "$gte": 100
                     *             }
                     *           },
                     *           "throttleRate": null,
                     *           "rateLimit": null,
                     *           "ordering": "none",
                     *           "maxInFlight": null,
                     *           "timeoutMs": null,
                     *           "retrySchedule": null,
                     *           "metadata": {
                     *             "plan": "pro"
                     *           },
                     *           "version": 0,
                     *           "verifiedAt": null,
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "updatedAt": "2026-01-31T12:00:00.000Z"
                     *         }
                     *       ],
                     *       "iterator": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "prevIterator": "-msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "done": true
                     *     }
                     */
                    "application/json": components["schemas"]["ListOfEndpointOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    createEndpoint: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://example.com/webhooks",
                 *       "uid": "main",
                 *       "retrySchedule": [
                 *         5,
                 *         300,
                 *         1800
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["EndpointIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "ep_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "uid": "main",
                     *       "url": "https://example.com/webhooks",
                     *       "description": "Production",
                     *       "disabled": true,
                     *       "state": {
                     *         "status": "enabled",
                     *         "by": null,
                     *         "reason": null,
                     *         "since": "2026-01-31T12:00:00.000Z",
                     *         "pausedUntil": null,
                     *         "failingSince": null,
                     *         "disablesAt": null
                     *       },
                     *       "eventTypes": [
                     *         "invoice.paid"
                     *       ],
                     *       "filterTypes": [
                     *         "invoice.paid"
                     *       ],
                     *       "channels": [
                     *         "project_7"
                     *       ],
                     *       "filter": {
                     *         "order.total": {
                     *           "$gte": 100
                     *         }
                     *       },
                     *       "throttleRate": null,
                     *       "rateLimit": null,
                     *       "ordering": "none",
                     *       "maxInFlight": null,
                     *       "timeoutMs": null,
                     *       "retrySchedule": null,
                     *       "metadata": {
                     *         "plan": "pro"
                     *       },
                     *       "version": 0,
                     *       "verifiedAt": null,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EndpointOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "ep_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "uid": "main",
                     *       "url": "https://example.com/webhooks",
                     *       "description": "Production",
                     *       "disabled": true,
                     *       "state": {
                     *         "status": "enabled",
                     *         "by": null,
                     *         "reason": null,
                     *         "since": "2026-01-31T12:00:00.000Z",
                     *         "pausedUntil": null,
                     *         "failingSince": null,
                     *         "disablesAt": null
                     *       },
                     *       "eventTypes": [
                     *         "invoice.paid"
                     *       ],
                     *       "filterTypes": [
                     *         "invoice.paid"
                     *       ],
                     *       "channels": [
                     *         "project_7"
                     *       ],
                     *       "filter": {
                     *         "order.total": {
                     *           "$gte": 100
                     *         }
                     *       },
                     *       "throttleRate": null,
                     *       "rateLimit": null,
                     *       "ordering": "none",
                     *       "maxInFlight": null,
                     *       "timeoutMs": null,
                     *       "retrySchedule": null,
                     *       "metadata": {
                     *         "plan": "pro"
                     *       },
                     *       "version": 0,
                     *       "verifiedAt": null,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EndpointOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    upsertEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://example.com/webhooks",
                 *       "uid": "main",
                 *       "retrySchedule": [
                 *         5,
                 *         300,
                 *         1800
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["EndpointUpdate"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "ep_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "uid": "main",
                     *       "url": "https://example.com/webhooks",
                     *       "description": "Production",
                     *       "disabled": true,
                     *       "state": {
                     *         "status": "enabled",
                     *         "by": null,
                     *         "reason": null,
                     *         "since": "2026-01-31T12:00:00.000Z",
                     *         "pausedUntil": null,
                     *         "failingSince": null,
                     *         "disablesAt": null
                     *       },
                     *       "eventTypes": [
                     *         "invoice.paid"
                     *       ],
                     *       "filterTypes": [
                     *         "invoice.paid"
                     *       ],
                     *       "channels": [
                     *         "project_7"
                     *       ],
                     *       "filter": {
                     *         "order.total": {
                     *           "$gte": 100
                     *         }
                     *       },
                     *       "throttleRate": null,
                     *       "rateLimit": null,
                     *       "ordering": "none",
                     *       "maxInFlight": null,
                     *       "timeoutMs": null,
                     *       "retrySchedule": null,
                     *       "metadata": {
                     *         "plan": "pro"
                     *       },
                     *       "version": 0,
                     *       "verifiedAt": null,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EndpointOut"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "ep_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "uid": "main",
                     *       "url": "https://example.com/webhooks",
                     *       "description": "Production",
                     *       "disabled": true,
                     *       "state": {
                     *         "status": "enabled",
                     *         "by": null,
                     *         "reason": null,
                     *         "since": "2026-01-31T12:00:00.000Z",
                     *         "pausedUntil": null,
                     *         "failingSince": null,
                     *         "disablesAt": null
                     *       },
                     *       "eventTypes": [
                     *         "invoice.paid"
                     *       ],
                     *       "filterTypes": [
                     *         "invoice.paid"
                     *       ],
                     *       "channels": [
                     *         "project_7"
                     *       ],
                     *       "filter": {
                     *         "order.total": {
                     *           "$gte": 100
                     *         }
                     *       },
                     *       "throttleRate": null,
                     *       "rateLimit": null,
                     *       "ordering": "none",
                     *       "maxInFlight": null,
                     *       "timeoutMs": null,
                     *       "retrySchedule": null,
                     *       "metadata": {
                     *         "plan": "pro"
                     *       },
                     *       "version": 0,
                     *       "verifiedAt": null,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EndpointOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    deleteEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    patchEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://example.com/webhooks",
                 *       "uid": "main",
                 *       "retrySchedule": [
                 *         5,
                 *         300,
                 *         1800
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["EndpointPatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "ep_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "uid": "main",
                     *       "url": "https://example.com/webhooks",
                     *       "description": "Production",
                     *       "disabled": true,
                     *       "state": {
                     *         "status": "enabled",
                     *         "by": null,
                     *         "reason": null,
                     *         "since": "2026-01-31T12:00:00.000Z",
                     *         "pausedUntil": null,
                     *         "failingSince": null,
                     *         "disablesAt": null
                     *       },
                     *       "eventTypes": [
                     *         "invoice.paid"
                     *       ],
                     *       "filterTypes": [
                     *         "invoice.paid"
                     *       ],
                     *       "channels": [
                     *         "project_7"
                     *       ],
                     *       "filter": {
                     *         "order.total": {
                     *           "$gte": 100
                     *         }
                     *       },
                     *       "throttleRate": null,
                     *       "rateLimit": null,
                     *       "ordering": "none",
                     *       "maxInFlight": null,
                     *       "timeoutMs": null,
                     *       "retrySchedule": null,
                     *       "metadata": {
                     *         "plan": "pro"
                     *       },
                     *       "version": 0,
                     *       "verifiedAt": null,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EndpointOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getEndpointSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key": "whsec_fUg470xx+FsBxBYWKluNFtis41dnAx6+"
                     *     }
                     */
                    "application/json": components["schemas"]["EndpointSecretOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    rotateEndpointSecret: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "key": "whsec_fUg470xx+FsBxBYWKluNFtis41dnAx6+"
                 *     }
                 */
                "application/json": components["schemas"]["EndpointSecretRotateIn"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getEndpointHeaders: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "headers": {
                     *         "X-Tenant": "acme"
                     *       },
                     *       "sensitive": []
                     *     }
                     */
                    "application/json": components["schemas"]["EndpointHeadersOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    setEndpointHeaders: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "headers": {
                 *         "X-Tenant": "acme"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["EndpointHeadersIn"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    patchEndpointHeaders: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "headers": {
                 *         "X-Tenant": "acme"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["EndpointHeadersPatchIn"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getEndpointTransformation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "function handler(webhook) {\n  webhook.payload = { text: 'Paid: ' + webhook.payload.invoice };\n  return webhook;\n}",
                     *       "enabled": true,
                     *       "variables": null,
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EndpointTransformationOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    patchEndpointTransformation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "function handler(webhook) {\n  webhook.payload = { text: 'Paid: ' + webhook.payload.invoice };\n  return webhook;\n}",
                 *       "variables": {
                 *         "channel": "C024BE91L"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["EndpointTransformationPatch"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listMessages: {
        parameters: {
            query?: {
                /**
                 * @description Items per page, at most 250.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `iterator` of the last page for the next one, `prevIterator` for the one before.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                iterator?: string;
                /** @example project_7 */
                channel?: string;
                /** @example vip */
                tag?: string;
                /** @example 2026-01-31T12:00:00.000Z */
                before?: string;
                /**
                 * @description How far back to go; without it, 90 days.
                 * @example 2026-01-30T12:00:00Z
                 */
                after?: string;
                /** @example true */
                with_content?: boolean;
                /**
                 * @example [
                 *       "invoice.paid"
                 *     ]
                 */
                event_types?: string[];
            };
            header?: never;
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "eventId": "evt_7f3a",
                     *           "eventType": "invoice.paid",
                     *           "payload": {
                     *             "id": "inv_1",
                     *             "total": 42
                     *           },
                     *           "channels": [
                     *             "project_7"
                     *           ],
                     *           "tags": [
                     *             "vip"
                     *           ],
                     *           "state": "accepted",
                     *           "deliverAt": null,
                     *           "timestamp": "2026-01-31T12:00:00.000Z"
                     *         }
                     *       ],
                     *       "iterator": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "prevIterator": "-msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "done": true
                     *     }
                     */
                    "application/json": components["schemas"]["ListOfMessageOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    createMessage: {
        parameters: {
            query?: {
                /**
                 * @description `false` leaves the payload out of the answer.
                 * @example true
                 */
                with_content?: boolean;
            };
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "eventType": "invoice.paid",
                 *       "payload": {
                 *         "id": "inv_1",
                 *         "total": 42
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["MessageIn"];
            };
        };
        responses: {
            /** @description Stored; it will be delivered. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "eventId": "evt_7f3a",
                     *       "eventType": "invoice.paid",
                     *       "payload": {
                     *         "id": "inv_1",
                     *         "total": 42
                     *       },
                     *       "channels": [
                     *         "project_7"
                     *       ],
                     *       "tags": [
                     *         "vip"
                     *       ],
                     *       "state": "accepted",
                     *       "deliverAt": null,
                     *       "timestamp": "2026-01-31T12:00:00.000Z",
                     *       "warnings": [
                     *         {
                     *           "loc": [
                     *             "body",
                     *             "name"
                     *           ],
                     *           "msg": "Invalid input: expected string, received number",
                     *           "type": "value_error"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["AcceptedMessageOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    createMessages: {
        parameters: {
            query?: {
                /**
                 * @description `false` leaves the payload out of the answer.
                 * @example true
                 */
                with_content?: boolean;
            };
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "messages": [
                 *         {
                 *           "eventType": "invoice.paid",
                 *           "payload": {
                 *             "id": "inv_1",
                 *             "total": 42
                 *           }
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["MessageBatchIn"];
            };
        };
        responses: {
            /** @description Those with the status 202 are stored, in one commit. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "results": [
                     *         {
                     *           "status": 0,
                     *           "message": {
                     *             "id": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *             "eventId": "evt_7f3a",
                     *             "eventType": "invoice.paid",
                     *             "payload": {
                     *               "id": "inv_1",
                     *               "total": 42
                     *             },
                     *             "channels": [
                     *               "project_7"
                     *             ],
                     *             "tags": [
                     *               "vip"
                     *             ],
                     *             "state": "accepted",
                     *             "deliverAt": null,
                     *             "timestamp": "2026-01-31T12:00:00.000Z",
                     *             "warnings": [
                     *               {
                     *                 "loc": [
                     *                   "body",
                     *                   "name"
                     *                 ],
                     *                 "msg": "Invalid input: expected string, received number",
                     *                 "type": "value_error"
                     *               }
                     *             ]
                     *           },
                     *           "error": {
                     *             "code": "492039",
                     *             "detail": "Entity not found."
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["MessageBatchOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    precheckMessage: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "eventType": "invoice.paid"
                 *     }
                 */
                "application/json": components["schemas"]["MessagePrecheckIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "active": true
                     *     }
                     */
                    "application/json": components["schemas"]["MessagePrecheckOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getMessage: {
        parameters: {
            query?: {
                /**
                 * @description `false` leaves the payload out of the answer.
                 * @example true
                 */
                with_content?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id of the message, or its event id.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                msg_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "eventId": "evt_7f3a",
                     *       "eventType": "invoice.paid",
                     *       "payload": {
                     *         "id": "inv_1",
                     *         "total": 42
                     *       },
                     *       "channels": [
                     *         "project_7"
                     *       ],
                     *       "tags": [
                     *         "vip"
                     *       ],
                     *       "state": "accepted",
                     *       "deliverAt": null,
                     *       "timestamp": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["MessageOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    cancelMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id of the message, or its event id.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                msg_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It will not be delivered. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    expungeMessageContent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id of the message, or its event id.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                msg_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The payload is gone; what was not delivered yet will not be. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    expungeMessageContents: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "ids": [
                 *         "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["BulkExpungeIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "results": {}
                     *     }
                     */
                    "application/json": components["schemas"]["BulkExpungeOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    expungeAllMessageContents: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A background task does it. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "qtask_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "status": "running",
                     *       "task": "application.stats",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["RunningTaskOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    challengeEndpoint: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "verified": true,
                     *       "reason": "ok",
                     *       "verifiedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ChallengeOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listAttemptsByEndpoint: {
        parameters: {
            query?: {
                /**
                 * @description Items per page, at most 250.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `iterator` of the last page for the next one, `prevIterator` for the one before.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                iterator?: string;
                /**
                 * @description 0 success, 1 pending, 2 fail, 3 sending, 4 canceled.
                 * @example 0
                 */
                status?: "0" | "1" | "2" | "3" | "4";
                /**
                 * @description 0: there was no response.
                 * @example 0
                 */
                status_code_class?: "0" | "100" | "200" | "300" | "400" | "500";
                /** @example project_7 */
                channel?: string;
                /** @example vip */
                tag?: string;
                /** @example 2026-01-31T12:00:00.000Z */
                before?: string;
                /** @example 2026-01-30T12:00:00Z */
                after?: string;
                /** @example true */
                with_content?: boolean;
                /**
                 * @description Show the message of each attempt as well, without its payload.
                 * @example true
                 */
                with_msg?: boolean;
                /**
                 * @example [
                 *       "invoice.paid"
                 *     ]
                 */
                event_types?: string[];
                /**
                 * @description Only attempts at this endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id?: string;
            };
            header?: never;
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "atmpt_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "msgId": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "endpointId": "ep_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "url": "https://example.com/webhooks",
                     *           "status": 0,
                     *           "statusText": "success",
                     *           "reason": "ok",
                     *           "reasonText": "The receiver accepted it.",
                     *           "responseStatusCode": 0,
                     *           "responseDurationMs": 0,
                     *           "response": "thanks",
                     *           "triggerType": 0,
                     *           "timestamp": "2026-01-31T12:00:00.000Z",
                     *           "msg": {
                     *             "id": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *             "eventId": "evt_7f3a",
                     *             "eventType": "invoice.paid",
                     *             "payload": {
                     *               "id": "inv_1",
                     *               "total": 42
                     *             },
                     *             "channels": [
                     *               "project_7"
                     *             ],
                     *             "tags": [
                     *               "vip"
                     *             ],
                     *             "state": "accepted",
                     *             "deliverAt": null,
                     *             "timestamp": "2026-01-31T12:00:00.000Z"
                     *           },
                     *           "details": null
                     *         }
                     *       ],
                     *       "iterator": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "prevIterator": "-msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "done": true
                     *     }
                     */
                    "application/json": components["schemas"]["ListOfMessageAttemptOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listAttemptsByMessage: {
        parameters: {
            query?: {
                /**
                 * @description Items per page, at most 250.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `iterator` of the last page for the next one, `prevIterator` for the one before.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                iterator?: string;
                /**
                 * @description 0 success, 1 pending, 2 fail, 3 sending, 4 canceled.
                 * @example 0
                 */
                status?: "0" | "1" | "2" | "3" | "4";
                /**
                 * @description 0: there was no response.
                 * @example 0
                 */
                status_code_class?: "0" | "100" | "200" | "300" | "400" | "500";
                /** @example project_7 */
                channel?: string;
                /** @example vip */
                tag?: string;
                /** @example 2026-01-31T12:00:00.000Z */
                before?: string;
                /** @example 2026-01-30T12:00:00Z */
                after?: string;
                /** @example true */
                with_content?: boolean;
                /**
                 * @description Show the message of each attempt as well, without its payload.
                 * @example true
                 */
                with_msg?: boolean;
                /**
                 * @example [
                 *       "invoice.paid"
                 *     ]
                 */
                event_types?: string[];
                /**
                 * @description Only attempts at this endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id?: string;
            };
            header?: never;
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id of the message, or its event id.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                msg_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "atmpt_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "msgId": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "endpointId": "ep_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "url": "https://example.com/webhooks",
                     *           "status": 0,
                     *           "statusText": "success",
                     *           "reason": "ok",
                     *           "reasonText": "The receiver accepted it.",
                     *           "responseStatusCode": 0,
                     *           "responseDurationMs": 0,
                     *           "response": "thanks",
                     *           "triggerType": 0,
                     *           "timestamp": "2026-01-31T12:00:00.000Z",
                     *           "msg": {
                     *             "id": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *             "eventId": "evt_7f3a",
                     *             "eventType": "invoice.paid",
                     *             "payload": {
                     *               "id": "inv_1",
                     *               "total": 42
                     *             },
                     *             "channels": [
                     *               "project_7"
                     *             ],
                     *             "tags": [
                     *               "vip"
                     *             ],
                     *             "state": "accepted",
                     *             "deliverAt": null,
                     *             "timestamp": "2026-01-31T12:00:00.000Z"
                     *           },
                     *           "details": null
                     *         }
                     *       ],
                     *       "iterator": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "prevIterator": "-msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "done": true
                     *     }
                     */
                    "application/json": components["schemas"]["ListOfMessageAttemptOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listAttempts: {
        parameters: {
            query?: {
                /**
                 * @description Items per page, at most 250.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `iterator` of the last page for the next one, `prevIterator` for the one before.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                iterator?: string;
                /**
                 * @description 0 success, 1 pending, 2 fail, 3 sending, 4 canceled.
                 * @example 0
                 */
                status?: "0" | "1" | "2" | "3" | "4";
                /**
                 * @description 0: there was no response.
                 * @example 0
                 */
                status_code_class?: "0" | "100" | "200" | "300" | "400" | "500";
                /** @example project_7 */
                channel?: string;
                /** @example vip */
                tag?: string;
                /** @example 2026-01-31T12:00:00.000Z */
                before?: string;
                /** @example 2026-01-30T12:00:00Z */
                after?: string;
                /** @example true */
                with_content?: boolean;
                /**
                 * @description Show the message of each attempt as well, without its payload.
                 * @example true
                 */
                with_msg?: boolean;
                /**
                 * @example [
                 *       "invoice.paid"
                 *     ]
                 */
                event_types?: string[];
                /**
                 * @description Only attempts at this endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id?: string;
            };
            header?: never;
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id of the message, or its event id.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                msg_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "atmpt_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "msgId": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "endpointId": "ep_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "url": "https://example.com/webhooks",
                     *           "status": 0,
                     *           "statusText": "success",
                     *           "reason": "ok",
                     *           "reasonText": "The receiver accepted it.",
                     *           "responseStatusCode": 0,
                     *           "responseDurationMs": 0,
                     *           "response": "thanks",
                     *           "triggerType": 0,
                     *           "timestamp": "2026-01-31T12:00:00.000Z",
                     *           "msg": {
                     *             "id": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *             "eventId": "evt_7f3a",
                     *             "eventType": "invoice.paid",
                     *             "payload": {
                     *               "id": "inv_1",
                     *               "total": 42
                     *             },
                     *             "channels": [
                     *               "project_7"
                     *             ],
                     *             "tags": [
                     *               "vip"
                     *             ],
                     *             "state": "accepted",
                     *             "deliverAt": null,
                     *             "timestamp": "2026-01-31T12:00:00.000Z"
                     *           },
                     *           "details": null
                     *         }
                     *       ],
                     *       "iterator": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "prevIterator": "-msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "done": true
                     *     }
                     */
                    "application/json": components["schemas"]["ListOfMessageAttemptOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listAttemptsOfDelivery: {
        parameters: {
            query?: {
                /**
                 * @description Items per page, at most 250.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `iterator` of the last page for the next one, `prevIterator` for the one before.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                iterator?: string;
                /**
                 * @description 0 success, 1 pending, 2 fail, 3 sending, 4 canceled.
                 * @example 0
                 */
                status?: "0" | "1" | "2" | "3" | "4";
                /**
                 * @description 0: there was no response.
                 * @example 0
                 */
                status_code_class?: "0" | "100" | "200" | "300" | "400" | "500";
                /** @example project_7 */
                channel?: string;
                /** @example vip */
                tag?: string;
                /** @example 2026-01-31T12:00:00.000Z */
                before?: string;
                /** @example 2026-01-30T12:00:00Z */
                after?: string;
                /** @example true */
                with_content?: boolean;
                /**
                 * @description Show the message of each attempt as well, without its payload.
                 * @example true
                 */
                with_msg?: boolean;
                /**
                 * @example [
                 *       "invoice.paid"
                 *     ]
                 */
                event_types?: string[];
                /**
                 * @description Only attempts at this endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id?: string;
            };
            header?: never;
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id of the message, or its event id.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                msg_id: string;
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "atmpt_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "msgId": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "endpointId": "ep_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "url": "https://example.com/webhooks",
                     *           "status": 0,
                     *           "statusText": "success",
                     *           "reason": "ok",
                     *           "reasonText": "The receiver accepted it.",
                     *           "responseStatusCode": 0,
                     *           "responseDurationMs": 0,
                     *           "response": "thanks",
                     *           "triggerType": 0,
                     *           "timestamp": "2026-01-31T12:00:00.000Z",
                     *           "msg": {
                     *             "id": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *             "eventId": "evt_7f3a",
                     *             "eventType": "invoice.paid",
                     *             "payload": {
                     *               "id": "inv_1",
                     *               "total": 42
                     *             },
                     *             "channels": [
                     *               "project_7"
                     *             ],
                     *             "tags": [
                     *               "vip"
                     *             ],
                     *             "state": "accepted",
                     *             "deliverAt": null,
                     *             "timestamp": "2026-01-31T12:00:00.000Z"
                     *           },
                     *           "details": null
                     *         }
                     *       ],
                     *       "iterator": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "prevIterator": "-msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "done": true
                     *     }
                     */
                    "application/json": components["schemas"]["ListOfMessageAttemptOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getAttempt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id of the message, or its event id.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                msg_id: string;
                /**
                 * @description Id of the attempt.
                 * @example atmpt_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                attempt_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "atmpt_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "msgId": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "endpointId": "ep_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "url": "https://example.com/webhooks",
                     *       "status": 0,
                     *       "statusText": "success",
                     *       "reason": "ok",
                     *       "reasonText": "The receiver accepted it.",
                     *       "responseStatusCode": 0,
                     *       "responseDurationMs": 0,
                     *       "response": "thanks",
                     *       "triggerType": 0,
                     *       "timestamp": "2026-01-31T12:00:00.000Z",
                     *       "msg": {
                     *         "id": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *         "eventId": "evt_7f3a",
                     *         "eventType": "invoice.paid",
                     *         "payload": {
                     *           "id": "inv_1",
                     *           "total": 42
                     *         },
                     *         "channels": [
                     *           "project_7"
                     *         ],
                     *         "tags": [
                     *           "vip"
                     *         ],
                     *         "state": "accepted",
                     *         "deliverAt": null,
                     *         "timestamp": "2026-01-31T12:00:00.000Z"
                     *       },
                     *       "details": null
                     *     }
                     */
                    "application/json": components["schemas"]["MessageAttemptOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    expungeAttemptContent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id of the message, or its event id.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                msg_id: string;
                /**
                 * @description Id of the attempt.
                 * @example atmpt_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                attempt_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its body and the headers of both sides are gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listEndpointMessages: {
        parameters: {
            query?: {
                /**
                 * @description Items per page, at most 250.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `iterator` of the last page for the next one, `prevIterator` for the one before.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                iterator?: string;
                /**
                 * @description 0 success, 1 pending, 2 fail, 3 sending, 4 canceled.
                 * @example 0
                 */
                status?: "0" | "1" | "2" | "3" | "4";
                /** @example project_7 */
                channel?: string;
                /** @example vip */
                tag?: string;
                /** @example 2026-01-31T12:00:00.000Z */
                before?: string;
                /** @example 2026-01-30T12:00:00Z */
                after?: string;
                /** @example true */
                with_content?: boolean;
                /**
                 * @description Show what was canceled as canceled (4). Without it, it is shown as a success, which is all that old clients know.
                 * @example true
                 */
                expanded_statuses?: boolean;
                /**
                 * @example [
                 *       "invoice.paid"
                 *     ]
                 */
                event_types?: string[];
            };
            header?: never;
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "eventId": "evt_7f3a",
                     *           "eventType": "invoice.paid",
                     *           "payload": {
                     *             "id": "inv_1",
                     *             "total": 42
                     *           },
                     *           "channels": [
                     *             "project_7"
                     *           ],
                     *           "tags": [
                     *             "vip"
                     *           ],
                     *           "state": "accepted",
                     *           "deliverAt": null,
                     *           "timestamp": "2026-01-31T12:00:00.000Z",
                     *           "status": 0,
                     *           "statusText": "success",
                     *           "nextAttempt": null
                     *         }
                     *       ],
                     *       "iterator": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "prevIterator": "-msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "done": true
                     *     }
                     */
                    "application/json": components["schemas"]["ListOfEndpointMessageOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listMessageEndpoints: {
        parameters: {
            query?: {
                /**
                 * @description Items per page, at most 250.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `iterator` of the last page for the next one, `prevIterator` for the one before.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                iterator?: string;
                /**
                 * @description Show what was canceled as canceled (4). Without it, it is shown as a success, which is all that old clients know.
                 * @example true
                 */
                expanded_statuses?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id of the message, or its event id.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                msg_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "ep_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "uid": "main",
                     *           "url": "https://example.com/webhooks",
                     *           "description": "Production",
                     *           "disabled": true,
                     *           "eventTypes": [
                     *             "invoice.paid"
                     *           ],
                     *           "filterTypes": [
                     *             "invoice.paid"
                     *           ],
                     *           "channels": [
                     *             "project_7"
                     *           ],
                     *           "throttleRate": null,
                     *           "rateLimit": null,
                     *           "version": 0,
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "updatedAt": "2026-01-31T12:00:00.000Z",
                     *           "status": 0,
                     *           "statusText": "success",
                     *           "nextAttempt": null
                     *         }
                     *       ],
                     *       "iterator": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "prevIterator": "-msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "done": true
                     *     }
                     */
                    "application/json": components["schemas"]["ListOfMessageEndpointOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    explainMessage: {
        parameters: {
            query?: {
                /**
                 * @description Items per page, at most 250.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `iterator` of the last page for the next one, `prevIterator` for the one before.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                iterator?: string;
                /** @example ascending */
                order?: "ascending" | "descending";
            };
            header?: never;
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id of the message, or its event id.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                msg_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "endpointId": "ep_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "endpointUid": "main",
                     *           "url": "https://example.com/webhooks",
                     *           "outcome": "not_sent",
                     *           "reason": "event_type",
                     *           "sentence": "The endpoint does not want messages of the type invoice.paid.",
                     *           "status": null,
                     *           "attempts": 0,
                     *           "nextAttempt": null,
                     *           "changedSince": false
                     *         }
                     *       ],
                     *       "iterator": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "prevIterator": "-msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "done": true
                     *     }
                     */
                    "application/json": components["schemas"]["ListOfExplanationOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getEndpointStats: {
        parameters: {
            query?: {
                /**
                 * @description At most 28 days before `until`, which is its default.
                 * @example 2026-01-31T12:00:00.000Z
                 */
                since?: string;
                /**
                 * @description Not in the future; now by default.
                 * @example 2026-02-01T12:00:00Z
                 */
                until?: string;
            };
            header?: never;
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": 0,
                     *       "fail": 0,
                     *       "pending": 0,
                     *       "sending": 0,
                     *       "canceled": 0
                     *     }
                     */
                    "application/json": components["schemas"]["EndpointStatsOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    resendMessage: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id of the message, or its event id.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                msg_id: string;
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is due now, unless the endpoint is disabled. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example {} */
                    "application/json": components["schemas"]["EmptyOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    recoverEndpoint: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "since": "2026-01-31T12:00:00.000Z"
                 *     }
                 */
                "application/json": components["schemas"]["ReplayIn"];
            };
        };
        responses: {
            /** @description A background task does it. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "qtask_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "status": "running",
                     *       "task": "endpoint.recover",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ReplayOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    replayMissing: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "since": "2026-01-31T12:00:00.000Z"
                 *     }
                 */
                "application/json": components["schemas"]["ReplayIn"];
            };
        };
        responses: {
            /** @description A background task does it. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "qtask_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "status": "running",
                     *       "task": "endpoint.recover",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ReplayOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    bulkReplay: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "since": "2026-01-31T12:00:00.000Z"
                 *     }
                 */
                "application/json": components["schemas"]["BulkReplayIn"];
            };
        };
        responses: {
            /** @description A background task does it. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "qtask_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "status": "running",
                     *       "task": "endpoint.recover",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ReplayOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    enableEndpoint: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": components["schemas"]["EndpointEnableIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "endpoint": {
                     *         "id": "ep_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *         "uid": "main",
                     *         "url": "https://example.com/webhooks",
                     *         "description": "Production",
                     *         "disabled": true,
                     *         "state": {
                     *           "status": "enabled",
                     *           "by": null,
                     *           "reason": null,
                     *           "since": "2026-01-31T12:00:00.000Z",
                     *           "pausedUntil": null,
                     *           "failingSince": null,
                     *           "disablesAt": null
                     *         },
                     *         "eventTypes": [
                     *           "invoice.paid"
                     *         ],
                     *         "filterTypes": [
                     *           "invoice.paid"
                     *         ],
                     *         "channels": [
                     *           "project_7"
                     *         ],
                     *         "filter": {
                     *           "order.total": {
                     *             "$gte": 100
                     *           }
                     *         },
                     *         "throttleRate": null,
                     *         "rateLimit": null,
                     *         "ordering": "none",
                     *         "maxInFlight": null,
                     *         "timeoutMs": null,
                     *         "retrySchedule": null,
                     *         "metadata": {
                     *           "plan": "pro"
                     *         },
                     *         "version": 0,
                     *         "verifiedAt": null,
                     *         "createdAt": "2026-01-31T12:00:00.000Z",
                     *         "updatedAt": "2026-01-31T12:00:00.000Z"
                     *       },
                     *       "task": null
                     *     }
                     */
                    "application/json": components["schemas"]["EndpointEnabledOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    sendEventExample: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "eventType": "invoice.paid"
                 *     }
                 */
                "application/json": components["schemas"]["EventExampleIn"];
            };
        };
        responses: {
            /** @description The message, on its way. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "eventId": "evt_7f3a",
                     *       "eventType": "invoice.paid",
                     *       "payload": {
                     *         "id": "inv_1",
                     *         "total": 42
                     *       },
                     *       "channels": [
                     *         "project_7"
                     *       ],
                     *       "tags": [
                     *         "vip"
                     *       ],
                     *       "state": "accepted",
                     *       "deliverAt": null,
                     *       "timestamp": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["MessageOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    simulateEndpointTransformation: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description Id or uid of the application.
                 * @example app_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                app_id: string;
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "function handler(webhook) {\n  webhook.payload = { text: 'Paid: ' + webhook.payload.invoice };\n  return webhook;\n}",
                 *       "eventType": "invoice.paid",
                 *       "payload": {
                 *         "invoice": "in_1"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["EndpointTransformationSimulateIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "outcome": "changed",
                     *       "method": null,
                     *       "url": "https://example.com/webhooks",
                     *       "headers": {
                     *         "X-Tenant": "acme"
                     *       },
                     *       "payload": "{\"text\":\"Paid: in_1\"}",
                     *       "reason": "transformation_error",
                     *       "reasonText": null,
                     *       "error": "TypeError: cannot read property 'id' of undefined (line 2)"
                     *     }
                     */
                    "application/json": components["schemas"]["EndpointTransformationSimulateOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listOperationalWebhooks: {
        parameters: {
            query?: {
                /**
                 * @description Items per page, at most 250.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `iterator` of the last page for the next one, `prevIterator` for the one before.
                 * @example msg_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                iterator?: string;
                /** @example ascending */
                order?: "ascending" | "descending";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "ep_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *           "uid": "main",
                     *           "url": "https://example.com/webhooks",
                     *           "description": "Production",
                     *           "disabled": true,
                     *           "state": {
                     *             "status": "enabled",
                     *             "by": null,
                     *             "reason": null,
                     *             "since": "2026-01-31T12:00:00.000Z",
                     *             "pausedUntil": null,
                     *             "failingSince": null,
                     *             "disablesAt": null
                     *           },
                     *           "eventTypes": [
                     *             "invoice.paid"
                     *           ],
                     *           "filterTypes": [
                     *             "invoice.paid"
                     *           ],
                     *           "channels": [
                     *             "project_7"
                     *           ],
                     *           "filter": {
                     *             "order.total": {
                     *               "$gte": 100
                     *             }
                     *           },
                     *           "throttleRate": null,
                     *           "rateLimit": null,
                     *           "ordering": "none",
                     *           "maxInFlight": null,
                     *           "timeoutMs": null,
                     *           "retrySchedule": null,
                     *           "metadata": {
                     *             "plan": "pro"
                     *           },
                     *           "version": 0,
                     *           "verifiedAt": null,
                     *           "createdAt": "2026-01-31T12:00:00.000Z",
                     *           "updatedAt": "2026-01-31T12:00:00.000Z"
                     *         }
                     *       ],
                     *       "iterator": "msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "prevIterator": "-msg_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "done": true
                     *     }
                     */
                    "application/json": components["schemas"]["ListOfEndpointOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    createOperationalWebhook: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://example.com/webhooks",
                 *       "uid": "main",
                 *       "retrySchedule": [
                 *         5,
                 *         300,
                 *         1800
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["OperationalWebhookEndpointIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "ep_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "uid": "main",
                     *       "url": "https://example.com/webhooks",
                     *       "description": "Production",
                     *       "disabled": true,
                     *       "state": {
                     *         "status": "enabled",
                     *         "by": null,
                     *         "reason": null,
                     *         "since": "2026-01-31T12:00:00.000Z",
                     *         "pausedUntil": null,
                     *         "failingSince": null,
                     *         "disablesAt": null
                     *       },
                     *       "eventTypes": [
                     *         "invoice.paid"
                     *       ],
                     *       "filterTypes": [
                     *         "invoice.paid"
                     *       ],
                     *       "channels": [
                     *         "project_7"
                     *       ],
                     *       "filter": {
                     *         "order.total": {
                     *           "$gte": 100
                     *         }
                     *       },
                     *       "throttleRate": null,
                     *       "rateLimit": null,
                     *       "ordering": "none",
                     *       "maxInFlight": null,
                     *       "timeoutMs": null,
                     *       "retrySchedule": null,
                     *       "metadata": {
                     *         "plan": "pro"
                     *       },
                     *       "version": 0,
                     *       "verifiedAt": null,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EndpointOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getOperationalWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "ep_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "uid": "main",
                     *       "url": "https://example.com/webhooks",
                     *       "description": "Production",
                     *       "disabled": true,
                     *       "state": {
                     *         "status": "enabled",
                     *         "by": null,
                     *         "reason": null,
                     *         "since": "2026-01-31T12:00:00.000Z",
                     *         "pausedUntil": null,
                     *         "failingSince": null,
                     *         "disablesAt": null
                     *       },
                     *       "eventTypes": [
                     *         "invoice.paid"
                     *       ],
                     *       "filterTypes": [
                     *         "invoice.paid"
                     *       ],
                     *       "channels": [
                     *         "project_7"
                     *       ],
                     *       "filter": {
                     *         "order.total": {
                     *           "$gte": 100
                     *         }
                     *       },
                     *       "throttleRate": null,
                     *       "rateLimit": null,
                     *       "ordering": "none",
                     *       "maxInFlight": null,
                     *       "timeoutMs": null,
                     *       "retrySchedule": null,
                     *       "metadata": {
                     *         "plan": "pro"
                     *       },
                     *       "version": 0,
                     *       "verifiedAt": null,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EndpointOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    upsertOperationalWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://example.com/webhooks",
                 *       "uid": "main",
                 *       "retrySchedule": [
                 *         5,
                 *         300,
                 *         1800
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["OperationalWebhookEndpointUpdate"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "ep_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "uid": "main",
                     *       "url": "https://example.com/webhooks",
                     *       "description": "Production",
                     *       "disabled": true,
                     *       "state": {
                     *         "status": "enabled",
                     *         "by": null,
                     *         "reason": null,
                     *         "since": "2026-01-31T12:00:00.000Z",
                     *         "pausedUntil": null,
                     *         "failingSince": null,
                     *         "disablesAt": null
                     *       },
                     *       "eventTypes": [
                     *         "invoice.paid"
                     *       ],
                     *       "filterTypes": [
                     *         "invoice.paid"
                     *       ],
                     *       "channels": [
                     *         "project_7"
                     *       ],
                     *       "filter": {
                     *         "order.total": {
                     *           "$gte": 100
                     *         }
                     *       },
                     *       "throttleRate": null,
                     *       "rateLimit": null,
                     *       "ordering": "none",
                     *       "maxInFlight": null,
                     *       "timeoutMs": null,
                     *       "retrySchedule": null,
                     *       "metadata": {
                     *         "plan": "pro"
                     *       },
                     *       "version": 0,
                     *       "verifiedAt": null,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EndpointOut"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "ep_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "uid": "main",
                     *       "url": "https://example.com/webhooks",
                     *       "description": "Production",
                     *       "disabled": true,
                     *       "state": {
                     *         "status": "enabled",
                     *         "by": null,
                     *         "reason": null,
                     *         "since": "2026-01-31T12:00:00.000Z",
                     *         "pausedUntil": null,
                     *         "failingSince": null,
                     *         "disablesAt": null
                     *       },
                     *       "eventTypes": [
                     *         "invoice.paid"
                     *       ],
                     *       "filterTypes": [
                     *         "invoice.paid"
                     *       ],
                     *       "channels": [
                     *         "project_7"
                     *       ],
                     *       "filter": {
                     *         "order.total": {
                     *           "$gte": 100
                     *         }
                     *       },
                     *       "throttleRate": null,
                     *       "rateLimit": null,
                     *       "ordering": "none",
                     *       "maxInFlight": null,
                     *       "timeoutMs": null,
                     *       "retrySchedule": null,
                     *       "metadata": {
                     *         "plan": "pro"
                     *       },
                     *       "version": 0,
                     *       "verifiedAt": null,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EndpointOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    deleteOperationalWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    patchOperationalWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://example.com/webhooks",
                 *       "uid": "main",
                 *       "retrySchedule": [
                 *         5,
                 *         300,
                 *         1800
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["OperationalWebhookEndpointPatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "ep_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "uid": "main",
                     *       "url": "https://example.com/webhooks",
                     *       "description": "Production",
                     *       "disabled": true,
                     *       "state": {
                     *         "status": "enabled",
                     *         "by": null,
                     *         "reason": null,
                     *         "since": "2026-01-31T12:00:00.000Z",
                     *         "pausedUntil": null,
                     *         "failingSince": null,
                     *         "disablesAt": null
                     *       },
                     *       "eventTypes": [
                     *         "invoice.paid"
                     *       ],
                     *       "filterTypes": [
                     *         "invoice.paid"
                     *       ],
                     *       "channels": [
                     *         "project_7"
                     *       ],
                     *       "filter": {
                     *         "order.total": {
                     *           "$gte": 100
                     *         }
                     *       },
                     *       "throttleRate": null,
                     *       "rateLimit": null,
                     *       "ordering": "none",
                     *       "maxInFlight": null,
                     *       "timeoutMs": null,
                     *       "retrySchedule": null,
                     *       "metadata": {
                     *         "plan": "pro"
                     *       },
                     *       "version": 0,
                     *       "verifiedAt": null,
                     *       "createdAt": "2026-01-31T12:00:00.000Z",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["EndpointOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getOperationalWebhookSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key": "whsec_fUg470xx+FsBxBYWKluNFtis41dnAx6+"
                     *     }
                     */
                    "application/json": components["schemas"]["EndpointSecretOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    rotateOperationalWebhookSecret: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "key": "whsec_fUg470xx+FsBxBYWKluNFtis41dnAx6+"
                 *     }
                 */
                "application/json": components["schemas"]["EndpointSecretRotateIn"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    challengeOperationalWebhook: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "verified": true,
                     *       "reason": "ok",
                     *       "verifiedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ChallengeOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getOperationalWebhookHeaders: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "headers": {
                     *         "X-Tenant": "acme"
                     *       },
                     *       "sensitive": []
                     *     }
                     */
                    "application/json": components["schemas"]["EndpointHeadersOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    setOperationalWebhookHeaders: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "headers": {
                 *         "X-Tenant": "acme"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["EndpointHeadersIn"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    patchOperationalWebhookHeaders: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id or uid of the endpoint.
                 * @example ep_00PdZgP1mUfrWVHT7bLhCUOkPPT
                 */
                endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "headers": {
                 *         "X-Tenant": "acme"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["EndpointHeadersPatchIn"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    countApplicationUsage: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The same key, body and token within 12 hours: the same answer again, with the header `idempotency-replayed: true`, and no second effect.
                 *         Another body is refused with 422; while the first request is under way, 409. Answers 5xx are not kept.
                 * @example 0f9c2c1e-5d0a-4d3c-9c0e-3f6d3a0b7a55
                 */
                "idempotency-key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "since": "2026-01-31T12:00:00.000Z",
                 *       "until": "2026-02-01T12:00:00Z"
                 *     }
                 */
                "application/json": components["schemas"]["AppUsageStatsIn"];
            };
        };
        responses: {
            /** @description A background task does it. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "qtask_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "status": "running",
                     *       "task": "application.stats",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z",
                     *       "unresolvedAppIds": []
                     *     }
                     */
                    "application/json": components["schemas"]["AppUsageStatsOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    aggregateEventTypes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A background task does it. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "qtask_00PdZgP1mUfrWVHT7bLhCUOkPPT",
                     *       "status": "running",
                     *       "task": "application.stats",
                     *       "updatedAt": "2026-01-31T12:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["RunningTaskOut"];
                };
            };
            "4XX": components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
}
