import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { FoundFirstOrganizationHandler } from './commands/found-first-organization';
import { Member } from './domain/member';
import { MemberRepository } from './domain/member.repository';
import { Organization } from './domain/organization';
import { OrganizationRepository } from './domain/organization.repository';
import { TypeOrmMemberRepository } from './infra/typeorm-member.repository';
import { TypeOrmOrganizationRepository } from './infra/typeorm-organization.repository';
import { FirstOrganizationObserver } from './processors/first-organization.observer';
import { GetMembershipHandler } from './queries/get-membership';
import { ListOrganizationsOfUserHandler } from './queries/list-organizations-of-user';

@Module({
  imports: [TypeOrmModule.forFeature([Organization, Member])],
  providers: [
    FoundFirstOrganizationHandler,
    GetMembershipHandler,
    ListOrganizationsOfUserHandler,
    FirstOrganizationObserver,
    { provide: OrganizationRepository, useClass: TypeOrmOrganizationRepository },
    { provide: MemberRepository, useClass: TypeOrmMemberRepository },
  ],
})
export class OrganizationsModule {}
