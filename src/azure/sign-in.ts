import type { AccessToken, TokenCredential } from '@azure/identity';
import { z } from 'zod/v4';
import { callWithin } from './call';
import { reading } from './connection';
import { AzureProblem } from './operation';
import { rawGet } from './raw';
import { signInFailure } from './sign-in-failure';

/** A person whom Entra has vouched for, and the credential with which Azure is called for them. */
interface Operator {
  /** The Entra object id. */
  readonly id: string;
  readonly name: string;
  readonly username: string;
  readonly credential: TokenCredential;
}

/** What a person does on any device with a browser to sign in. */
export interface CodeToEnter {
  readonly code: string;
  readonly address: string;
}

/** Who is signed in, or why nobody is, in words. */
export type SignedIn = { readonly operator: Operator } | { readonly refused: string };

const SCOPE = 'https://management.azure.com/.default';

/**
 * Finds out who sits at this terminal, from Entra and never from what is typed: `existing` takes the sign-in of the
 * Azure CLI, the Azure Developer CLI or Azure PowerShell where there is one; otherwise, and for somebody else, a person
 * enters a code in a browser. Azure Resource Manager must accept the very token that says who it is: it checks what we
 * cannot, that Entra issued it, and for the subscription's own tenant.
 */
export async function signIn(options: {
  readonly tenantId: string | null;
  readonly subscriptionId: string;
  readonly existing: boolean;
  readonly show: (code: CodeToEnter) => void;
}): Promise<SignedIn> {
  try {
    const { credential, token } = await firstToken(options);
    const claims = claimsIn(token.token);
    if (!claims) return { refused: 'Azure gave a token that does not say whose it is. Nobody is signed in.' };
    if (claims.idtyp === 'app' || claims.scp === undefined)
      return {
        refused: `This is the sign-in of an application (${claims.oid}), and no person's. Decisions are people's: sign in as yourself, with "az login" or a code.`,
      };
    const unaccepted = await refusalOf(token, options.subscriptionId);
    if (unaccepted !== null) return { refused: unaccepted };
    const username = claims.preferred_username ?? claims.upn ?? claims.unique_name ?? claims.oid;
    return { operator: { id: claims.oid, name: claims.name ?? username, username, credential } };
  } catch (error) {
    const cause = signInFailure(error);
    if (!cause) throw error;
    return { refused: `Nobody is signed in: ${cause.said} (${cause.code}). Try again.` };
  }
}

type Options = Parameters<typeof signIn>[0];

async function firstToken(
  options: Options,
): Promise<{ readonly credential: TokenCredential; readonly token: AccessToken }> {
  const failed: unknown[] = [];
  for (const credential of credentialsFor(options)) {
    try {
      const token = await credential.getToken(SCOPE);
      if (token) return { credential, token };
    } catch (error) {
      // Not signed in there; the last one, where a person enters a code, says why when it fails as well.
      failed.push(error);
    }
  }
  throw failed.at(-1) ?? new Error('No credential gave a token.');
}

function credentialsFor({ tenantId, existing, show }: Options): readonly TokenCredential[] {
  const {
    AzureCliCredential,
    AzureDeveloperCliCredential,
    AzurePowerShellCredential,
    DeviceCodeCredential,
  }: typeof import('@azure/identity') = require('@azure/identity');
  const tenant = tenantId === null ? {} : { tenantId };
  return [
    ...(existing
      ? [
          new AzureCliCredential(tenant),
          new AzureDeveloperCliCredential(tenant),
          new AzurePowerShellCredential(tenant),
        ]
      : []),
    new DeviceCodeCredential({
      ...tenant,
      userPromptCallback: ({ userCode, verificationUri }) => {
        // MSAL goes on without a code when Entra refuses to give one.
        if (!userCode)
          throw new Error(`Entra gives no code for ${tenantId ?? 'this directory'}. Set AZURE_TENANT_ID.`);
        show({ code: userCode, address: verificationUri });
      },
    }),
  ];
}

const claimsShape = z.object({
  oid: z.string().min(1),
  /** `app` for a token of an application; what people get has scopes. */
  idtyp: z.string().optional(),
  scp: z.string().optional(),
  name: z.string().optional(),
  upn: z.string().optional(),
  unique_name: z.string().optional(),
  preferred_username: z.string().optional(),
});

function claimsIn(token: string): z.infer<typeof claimsShape> | null {
  try {
    const [, claims = ''] = token.split('.');
    return claimsShape.parse(JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')));
  } catch {
    return null;
  }
}

/**
 * Why Azure Resource Manager does not accept a token, in words; null when it does. A person who may do nothing in the
 * subscription gets 403 there, and is who they are all the same; 401 is for a token of another tenant or of nobody.
 */
async function refusalOf(token: AccessToken, subscriptionId: string): Promise<string | null> {
  const get = rawGet({ getToken: async () => token }, SCOPE);
  const url = `https://management.azure.com/subscriptions/${subscriptionId}?api-version=2022-12-01`;
  try {
    await callWithin(20_000)(reading(`subscription ${subscriptionId}`), (signal) => get(url, signal));
    return null;
  } catch (error) {
    if (!(error instanceof AzureProblem)) throw error;
    const { status } = error.details;
    if (status === 403) return null;
    return status === 401
      ? `Azure does not accept this sign-in for subscription ${subscriptionId}: it belongs to another directory. Sign in to the subscription's own directory (set AZURE_TENANT_ID to it).`
      : `Azure could not be asked whether this sign-in is good, so nobody is signed in. ${error.message}`;
  }
}
