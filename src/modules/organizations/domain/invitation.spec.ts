import { randomBytes } from 'node:crypto';
import { InvitationAccepted, InvitationCreated, InvitationResent } from '../organizations.events';
import { anInvitation, daysLater, NOW } from '../testing/builders';
import { InvitationInvalid } from './organization.errors';

describe('Invitation', () => {
  it('is open for seven days, and for seven more when it is sent again', () => {
    const invitation = anInvitation();
    expect([invitation.isOpen(daysLater(6.9)), invitation.isOpen(daysLater(7))]).toEqual([true, false]);
    invitation.resend(daysLater(8));
    expect([invitation.isOpen(daysLater(14.9)), invitation.isOpen(daysLater(15))]).toEqual([true, false]);
    const of = { invitationId: invitation.id };
    expect(invitation.pullEvents()).toEqual([InvitationCreated(of), InvitationResent(of)]);
  });

  it('is accepted by the owner of its address, while it is open', () => {
    const invitation = anInvitation();
    const accept = (emailHash: Buffer, now: Date) => () => {
      invitation.accept(emailHash, now);
    };
    expect(accept(randomBytes(32), NOW)).toThrow(InvitationInvalid);
    expect(accept(invitation.emailHash, daysLater(7))).toThrow(InvitationInvalid);
    invitation.pullEvents();
    accept(invitation.emailHash, NOW)();
    expect(invitation.pullEvents()).toEqual([InvitationAccepted({ invitationId: invitation.id })]);
  });
});
