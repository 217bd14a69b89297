// A real OpenID Connect provider on loopback (the package `oidc-provider`), for the tests of both languages.
// It signs in the account that `PUT /account` names last, without asking. Arguments: port, redirect URI.
import { createServer } from 'node:http';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { Provider } from 'oidc-provider';

const [port, firstRedirectUri] = process.argv.slice(2);
let redirectUri = firstRedirectUri;
const issuer = `http://127.0.0.1:${port}`;
let account = { sub: 'ana-1', preferred_username: 'ana', groups: ['staff'] };
let signingKey = 0;

const clients = [
  ['dashboard', 'a secret with + % and : in it', 'client_secret_basic'],
  ['by-post', 'another-secret-of-a-client-0001', 'client_secret_post'],
  ['public', undefined, 'none'],
];

const asClient = ([id, secret, method]) => ({
  client_id: id,
  ...(secret === undefined ? {} : { client_secret: secret }),
  token_endpoint_auth_method: method,
  redirect_uris: [redirectUri],
  grant_types: ['authorization_code'],
  response_types: ['code'],
});

/** A provider with a new signing key. Its name follows from the key, as providers do it. */
function newProvider() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = privateKey.export({ format: 'jwk' });
  const kid = createHash('sha256').update(jwk.n).digest('hex').slice(0, 16);
  signingKey += 1;
  return new Provider(issuer, {
    clients: clients.map(asClient),
    jwks: { keys: [{ ...jwk, kid, use: 'sig', alg: 'RS256' }] },
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups'], email: ['email', 'email_verified'] },
    cookies: { keys: ['a key of the test'] },
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ ...account, sub }) }),
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    // No session of the provider's own: each sign-in is that of the account of now.
    loadExistingGrant: async (context) => {
      const { client, session, provider } = context.oidc;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
  });
}

let provider = newProvider();

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

async function answer(request, response) {
  if (request.method === 'PUT' && request.url === '/account') {
    account = await bodyOf(request);
    response.end('{}');
  } else if (request.method === 'PUT' && request.url === '/redirect-uri') {
    redirectUri = await bodyOf(request);
    provider = newProvider();
    response.end('{}');
  } else if (request.method === 'PUT' && request.url === '/keys') {
    provider = newProvider();
    response.end(JSON.stringify({ signingKey }));
  } else if (request.url.startsWith('/interaction/')) {
    await provider.interactionFinished(request, response, { login: { accountId: account.sub, remember: false } });
  } else {
    await provider.callback()(request, response);
  }
}

createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error);
    response.statusCode = 500;
    response.end(String(error));
  });
}).listen(Number(port), '127.0.0.1', () => console.log('ready'));
