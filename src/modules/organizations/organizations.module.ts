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
import { GetMembershipsHandler } from './queries/get-memberships';
import { ListOrganizationsOfUserHandler } from './queries/list-organizations-of-user';

@Module({
  imports: [TypeOrmModule.forFeature([Organization, Member])],
  providers: [
    FoundFirstOrganizationHandler,
    GetMembershipsHandler,
    ListOrganizationsOfUserHandler,
    FirstOrganizationObserver,
    { provide: OrganizationRepository, useClass: TypeOrmOrganizationRepository },
    { provide: MemberRepository, useClass: TypeOrmMemberRepository },
  ],
})
export class OrganizationsModule {}
