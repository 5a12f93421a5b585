import { z } from 'zod';
import { defineEvent } from '../../platform/events/domain-event';

const OfOrganization = z.object({ organizationId: z.string() });
const OfMember = z.object({ organizationId: z.string(), userId: z.string() });
const OfInvitation = z.object({ invitationId: z.string() });

const organization = { audits: ({ organizationId }: z.output<typeof OfOrganization>) => organizationId };
const member = { audits: ({ userId }: z.output<typeof OfMember>) => userId };
const invitation = { audits: ({ invitationId }: z.output<typeof OfInvitation>) => invitationId };

export const OrganizationCreated = defineEvent('organization.created', OfMember, organization);
export const OrganizationUpdated = defineEvent('organization.updated', OfOrganization, { ...organization, fields: () => ['name'] });
/** Deleted, and kept for some days. Nothing of it works; everything of it can come back. */
export const OrganizationClosed = defineEvent('organization.closed', OfOrganization, organization);
export const OrganizationRestored = defineEvent('organization.restored', OfOrganization, organization);
/** Gone, and its data keys with it: whatever is left of it anywhere cannot be read any more. */
export const OrganizationErased = defineEvent('organization.erased', OfOrganization, organization);
/** `userId` is the new owner. */
export const OwnershipTransferred = defineEvent('organization.ownership_transferred', OfMember, member);

export const MemberJoined = defineEvent('member.joined', OfMember, member);
export const MemberRoleChanged = defineEvent('member.role_changed', OfMember, { ...member, fields: () => ['role'] });
export const MemberRemoved = defineEvent('member.removed', OfMember, member);

export const InvitationCreated = defineEvent('invitation.created', OfInvitation, invitation);
export const InvitationResent = defineEvent('invitation.resent', OfInvitation, invitation);
export const InvitationRevoked = defineEvent('invitation.revoked', OfInvitation, invitation);
export const InvitationAccepted = defineEvent('invitation.accepted', OfInvitation, invitation);
