import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

const issuer = 'https://api.botframework.com';

/** A proper token, or one that is wrong in exactly one way, for testing that the bot refuses it. */
export type TokenKind =
  | 'proper'
  | 'wrong key'
  | 'unknown key id'
  | 'no algorithm'
  | 'shared secret'
  | 'wrong audience'
  | 'wrong issuer'
  | 'expired'
  | 'not yet valid'
  | 'other service url'
  | 'garbage';

/** The Bot Framework's signing key: makes tokens, and publishes the documents by which a bot checks them. */
export type Signing = {
  token(kind: TokenKind, serviceUrl: string): string;
  /** The answer to GET `/.well-known/openidconfiguration`. */
  openIdConfiguration(url: string): unknown;
  /** The answer to GET `/.well-known/jwks`. */
  keys(): unknown;
};

/** A signing key for tokens to the bot `appId`, as the real channel issues them (RS256, endorsed for msteams, valid for an hour). */
export function createSigning(appId: string, now: () => Date): Signing {
  const kid = 'teams-on-this-machine';
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

  const claims = (serviceurl: string, from = 0, more = {}) => {
    const issued = Math.floor(now().getTime() / 1_000) + from;
    return {
      iss: issuer,
      aud: appId,
      serviceurl,
      nbf: issued - 60,
      iat: issued,
      exp: issued + 3_600,
      ...more,
    };
  };
  const signed = (payload: object, key: KeyObject = privateKey, id = kid) =>
    compact({ alg: 'RS256', typ: 'JWT', kid: id }, payload, (data) => sign('sha256', Buffer.from(data), key));

  const make = (kind: TokenKind, url: string): string => {
    switch (kind) {
      case 'proper':
        return signed(claims(url));
      case 'wrong key':
        return signed(claims(url), generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
      case 'unknown key id':
        return signed(claims(url), privateKey, 'retired');
      case 'no algorithm':
        return compact({ alg: 'none', typ: 'JWT', kid }, claims(url), () => Buffer.alloc(0));
      case 'shared secret': {
        // The classic confusion: the published key used as if it were a shared secret.
        const secret = publicKey.export({ type: 'spki', format: 'pem' });
        return compact({ alg: 'HS256', typ: 'JWT', kid }, claims(url), (data) =>
          createHmac('sha256', secret).update(data).digest(),
        );
      }
      case 'wrong audience':
        return signed(claims(url, 0, { aud: '11111111-1111-1111-1111-111111111111' }));
      case 'wrong issuer':
        return signed(claims(url, 0, { iss: 'https://issuer.example' }));
      case 'expired':
        return signed(claims(url, -7_200));
      case 'not yet valid':
        return signed(claims(url, 7_200));
      case 'other service url':
        return signed(claims('https://other.example'));
      case 'garbage':
        return 'abc.def.ghi';
    }
  };

  return {
    token: make,
    openIdConfiguration: (url) => ({
      issuer,
      jwks_uri: `${url}/.well-known/jwks`,
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
    }),
    keys: () => ({
      keys: [{ ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', endorsements: ['msteams'] }],
    }),
  };
}

function compact(header: object, payload: object, signature: (data: string) => Buffer): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const data = `${encode(header)}.${encode(payload)}`;
  return `${data}.${signature(data).toString('base64url')}`;
}

/** The settings that make botbuilder's CloudAdapter check tokens against the key published at `url` (all of them: setting one switches the defaults off for all). */
export function channelSettings(url: string): Readonly<Record<string, string>> {
  const metadata = `${url}/.well-known/openidconfiguration`;
  return {
    ToBotFromChannelTokenIssuer: issuer,
    ToBotFromChannelOpenIdMetadataUrl: metadata,
    ToBotFromEmulatorOpenIdMetadataUrl: metadata,
    ToChannelFromBotLoginUrl: 'https://login.microsoftonline.com/botframework.com',
    ToChannelFromBotOAuthScope: issuer,
    OAuthUrl: `${url}/oauth`,
  };
}
