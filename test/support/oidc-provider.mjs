// A real OpenID provider on loopback, in a process of its own: its packages are ES modules, which Jest does not load.
// Whoever types `<subject>|<e-mail>|<verified?>` at its login form is that person.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const [redirectUri] = process.argv.slice(2);
const server = createServer().listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      { client_id: 'posthorn', client_secret: 'a secret of the client', redirect_uris: [redirectUri], grant_types: ['authorization_code'] },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    pkce: { required: () => true },
    findAccount: (_ctx, id) => {
      const [subject, email, verified] = id.split('|');
      return { accountId: id, claims: () => ({ sub: id, name: subject, email, email_verified: verified === 'verified' }) };
    },
  });
  server.on('request', provider.callback());
  console.log(issuer);
});
