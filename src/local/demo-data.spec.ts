import { verificationToken } from './demo-data';

it('finds the token in a mail that asks to verify an address', () => {
  expect(verificationToken('Welcome!\nhttp://127.0.0.1:3000/verify-email#token=vt_9-x\n\nor enter 123456\n')).toBe('vt_9-x');
  expect(verificationToken('Somebody tried to register with your address.')).toBeUndefined();
});
