import { Injectable } from '@nestjs/common';
import { PasswordHasher } from '../domain/password-hasher';
import type { User } from '../domain/user';
import { UserNotFound, WrongPassword } from '../domain/user.errors';
import { UserRepository } from '../domain/user.repository';

/** Before what a borrowed screen must not be able to do, people say their password again. */
@Injectable()
export class PasswordCheck {
  constructor(
    private readonly users: UserRepository,
    private readonly passwords: PasswordHasher,
  ) {}

  /** @throws UserNotFound, WrongPassword, TooBusy */
  async owner(userId: string, password: string): Promise<User> {
    const user = await this.users.findById(userId);
    if (!user) throw new UserNotFound(userId);
    if (!(await this.passwords.verify(password, user.passwordHash))) throw new WrongPassword();
    return user;
  }
}
