// A provider of OpenID Connect for tests: oidc-provider, which is certified, with one client and a plain page to sign in
// on. Its people are given by the test, at the start and later on: `POST /test/people`. `GET /test/last` is the address
// that it led a browser back to last.
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import { Provider } from 'oidc-provider';

const given = JSON.parse(process.argv[2]);
let people = given.people;
let last = '';

const body = async (request) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

const server = createServer((request, response) => serve(request, response).catch((why) => {
  console.error(why);
  response.statusCode = 500;
  response.end();
}));
server.listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const key = (type, options, alg) => ({
  ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), use: 'sig', alg, kid: alg,
});

const provider = new Provider(issuer, {
  clients: [{
    client_id: given.client_id,
    client_secret: given.client_secret,
    redirect_uris: given.redirect_uris,
    id_token_signed_response_alg: given.algorithm,
  }],
  jwks: { keys: [
    key('rsa', { modulusLength: 2048 }, 'RS256'),
    key('ec', { namedCurve: 'P-256' }, 'ES256'),
    key('ed25519', {}, 'EdDSA'),
  ] },
  enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256', 'EdDSA'] },
  cookies: { keys: ['of tests'] },
  scopes: ['openid', 'profile', 'groups'],
  claims: { openid: ['sub'], profile: ['preferred_username', 'name'], groups: ['groups'] },
  findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/people/${interaction.uid}` },
  renderError: (context, out) => {
    console.error(out);
    context.type = 'txt';
    context.body = JSON.stringify(out);
  },
  // Nobody is asked what they agree to.
  loadExistingGrant: async (context) => {
    const { client, session, provider: own } = context.oidc;
    const grant = new own.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope('openid profile groups');
    await grant.save();
    return grant;
  },
});
provider.on('server_error', (_, why) => console.error(why));

async function serve(request, response) {
  const { pathname } = new URL(request.url, issuer);
  if (pathname === '/test/last') return void response.end(last);
  if (pathname === '/test/people') {
    people = JSON.parse(await body(request));
    return void response.end();
  }
  if (pathname.startsWith('/people/')) {
    if (request.method === 'POST') {
      const login = new URLSearchParams(await body(request)).get('login');
      const result = people[login] ? { login: { accountId: login } } : { error: 'access_denied' };
      return void await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    }
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><html lang="en"><title>Sign in</title><link rel="icon" href="data:,">
      <form method="post"><label>Login <input name="login" required autofocus></label><button type="submit">Sign in</button></form>`);
    return undefined;
  }
  const led = response.writeHead.bind(response);
  response.writeHead = (...head) => {
    const to = response.getHeader('location');
    if (given.redirect_uris.some((uri) => String(to).startsWith(uri))) last = String(to);
    return led(...head);
  };
  return void provider.callback()(request, response);
}

console.log(`issuer ${issuer}`);
