import { createHmac, timingSafeEqual } from 'node:crypto';
import { numberAt, parseJson, textAt } from './json';
import type { Tenant } from './state';

/** Who a token speaks for. */
export interface Caller {
  readonly objectId: string;
  readonly applicationId: string;
  /** Absent for an application that speaks for itself. */
  readonly person?: { readonly name: string; readonly username: string };
}

export type TokenCheck =
  | { readonly kind: 'valid'; readonly caller: Caller }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'expired'; readonly at: Date }
  | { readonly kind: 'wrong-audience'; readonly audience: string };

/** How long an access token lives: 3599 s, as Entra says in `expires_in`. */
export const TOKEN_SECONDS = 3_599;

/** An access token for one audience, signed so that no other text passes for one. */
export function issueToken(tenant: Tenant, caller: Caller, audience: string, now: Date): string {
  const issued = Math.floor(now.getTime() / 1_000);
  const claims = {
    aud: audience,
    iss: `https://sts.windows.net/${tenant.id}/`,
    iat: issued,
    nbf: issued,
    exp: issued + TOKEN_SECONDS,
    appid: caller.applicationId,
    ...(caller.person
      ? {
          ...{ idtyp: 'user', scp: 'user_impersonation', name: caller.person.name },
          ...{ upn: caller.person.username, unique_name: caller.person.username },
        }
      : { idtyp: 'app' }),
    oid: caller.objectId,
    sub: caller.objectId,
    tid: tenant.id,
    ver: '1.0',
  };
  return signed(tenant, claims);
}

/** An OpenID Connect id token (version 2.0): who has signed in, for the application that asked. */
export function issueIdToken(tenant: Tenant, caller: Required<Caller>, now: Date): string {
  const issued = Math.floor(now.getTime() / 1_000);
  return signed(tenant, {
    ...{ aud: caller.applicationId, iss: `https://login.microsoftonline.com/${tenant.id}/v2.0` },
    ...{ iat: issued, nbf: issued, exp: issued + TOKEN_SECONDS },
    ...{ name: caller.person.name, preferred_username: caller.person.username },
    ...{ oid: caller.objectId, sub: caller.objectId, tid: tenant.id, ver: '2.0' },
  });
}

/** What a client shows to get new tokens for somebody who has signed in to it. */
export const refreshToken = (tenant: Tenant, objectId: string, clientId: string): string =>
  signed(tenant, { refresh: objectId, client: clientId });

/** The object id of whoever signed in to this client; null for a text that is no refresh token of it. */
export function readRefreshToken(tenant: Tenant, token: string, clientId: string): string | null {
  const claims = claimsOf(tenant, token);
  return textAt(claims, 'client') === clientId ? (textAt(claims, 'refresh') ?? null) : null;
}

const signed = (tenant: Tenant, claims: object): string => {
  const unsigned = `${encode({ typ: 'JWT', alg: 'HS256', kid: 'simulator' })}.${encode(claims)}`;
  return `${unsigned}.${sign(tenant, unsigned)}`;
};

/** The claims of a token that was signed here; undefined for any other text. */
function claimsOf(tenant: Tenant, token: string): unknown {
  const [header, claimsText, signature, ...rest] = token.split('.');
  if (header === undefined || claimsText === undefined || signature === undefined || rest.length > 0)
    return undefined;
  const expected = Buffer.from(sign(tenant, `${header}.${claimsText}`));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return parseJson(Buffer.from(claimsText, 'base64url').toString('utf8'));
}

/** Checks a token for any of the audiences given. */
export function checkToken(
  tenant: Tenant,
  token: string,
  audiences: readonly string[],
  now: Date,
): TokenCheck {
  const claims = claimsOf(tenant, token);
  if (claims === undefined) {
    return { kind: 'invalid' };
  }
  const expires = new Date((numberAt(claims, 'exp') ?? 0) * 1_000);
  if (expires <= now) {
    return { kind: 'expired', at: expires };
  }
  const audience = textAt(claims, 'aud') ?? '';
  if (!audiences.includes(audience.replace(/\/+$/, ''))) {
    return { kind: 'wrong-audience', audience };
  }
  const caller = { objectId: textAt(claims, 'oid') ?? '', applicationId: textAt(claims, 'appid') ?? '' };
  return { kind: 'valid', caller };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function sign(tenant: Tenant, text: string): string {
  return createHmac('sha256', tenant.signingKey).update(text).digest('base64url');
}
