import { resolve } from 'node:path';
import { z } from 'zod/v4';
import type { Credentials } from './chat/credentials';
import type { Estate } from './engine/estate';
import { readEstate } from './estate-file';
import { mistakeIn } from './mistake';

/** Everything that the bot is told from outside. */
export interface Config {
  readonly port: number;
  readonly dataDir: string;
  /** Null means the embedded store in `dataDir`. Holds a password: never log it. */
  readonly databaseUrl: string | null;
  readonly estate: Estate;
  readonly estateFile: string;
  /** How the bot signs in to Teams; null: then only this machine may talk to it. */
  readonly credentials: Credentials | null;
  /** The bot's address as people's browsers reach it, for links; null for the port of this machine that it listens on. */
  readonly publicUrl: string | null;
  /** Names this process among several on one store. */
  readonly replica: string;
  /** How alerts are known to be ours, and whether they may come from other machines. */
  readonly alerts: { readonly secret: string | null; readonly anywhere: boolean };
  /** How long what Entra said about groups holds, in milliseconds. */
  readonly rolesFreshMs: number;
  readonly logLevel: string;
  /** How people sign in at a terminal. */
  readonly signIn: {
    /** The directory that they belong to; null for the one that they choose. */
    readonly tenantId: string | null;
    /** Whether the sign-in of an Azure command line on this machine is taken. */
    readonly existing: boolean;
  };
  /** Whether the environment names an identity that calls Azure; otherwise, at a terminal, the person's own does. */
  readonly hasOwnIdentity: boolean;
}

/** The configuration has mistakes; the message names all of them, one a line, with what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly mistakes: readonly string[]) {
    super(
      `The configuration has ${mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`}:\n- ${mistakes.join('\n- ')}`,
    );
  }
}

const text = z.string().trim().min(1);

const environmentShape = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(3978),
  DATA_DIR: text.default('.data'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'start it with postgresql://')
    .optional(),
  ESTATE_FILE: text.default('infra/estate.demo.yaml'),
  MicrosoftAppType: z.enum(['MultiTenant', 'SingleTenant', 'UserAssignedMSI']).default('SingleTenant'),
  MicrosoftAppId: z.guid().optional(),
  MicrosoftAppPassword: text.optional(),
  MicrosoftAppTenantId: z.guid().optional(),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  REPLICA: text.default('bot'),
  AZURE_TENANT_ID: text.optional(),
  AZURE_CLIENT_ID: text.optional(),
  AZURE_CLIENT_SECRET: text.optional(),
  SIGN_IN: z.enum(['any', 'code']).default('any'),
  ALERT_SECRET: z.string().min(24, 'make it 24 characters or more').optional(),
  ALERTS_FROM: z.enum(['loopback', 'anywhere']).default('loopback'),
  ROLES_FRESH_SECONDS: z.coerce.number().positive().max(600).default(60),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

/**
 * Reads the environment and the estate file.
 * @throws ConfigError naming every mistake at once: what is wrong, with which value, and what to do.
 */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
  const parsed = environmentShape.safeParse(given);
  const mistakes = parsed.success
    ? []
    : parsed.error.issues.map((issue) => mistakeIn('environment', issue, given));
  const estateFile = resolve(String(given['ESTATE_FILE'] ?? 'infra/estate.demo.yaml'));
  const estate = readEstate(estateFile, mistakes);
  mistakes.push(...credentialMistakes(given));
  if (!parsed.success || !estate || mistakes.length > 0) throw new ConfigError(mistakes);
  const { PORT: port, DATA_DIR, DATABASE_URL, REPLICA: replica, LOG_LEVEL: logLevel } = parsed.data;
  return {
    publicUrl: parsed.data.PUBLIC_URL ?? null,
    port,
    dataDir: resolve(DATA_DIR),
    databaseUrl: DATABASE_URL ?? null,
    estate,
    estateFile,
    credentials: credentialsOf(parsed.data),
    replica,
    alerts: {
      secret: parsed.data.ALERT_SECRET ?? null,
      anywhere: parsed.data.ALERTS_FROM === 'anywhere',
    },
    rolesFreshMs: 1_000 * parsed.data.ROLES_FRESH_SECONDS,
    logLevel,
    signIn: {
      tenantId: parsed.data.AZURE_TENANT_ID ?? parsed.data.MicrosoftAppTenantId ?? null,
      existing: parsed.data.SIGN_IN === 'any',
    },
    hasOwnIdentity: parsed.data.AZURE_CLIENT_ID !== undefined,
  };
}

/** What each setting allows alone and all of them together do not; looked at even when another one is wrong. */
function credentialMistakes(given: { readonly [name: string]: string | undefined }): string[] {
  const { MicrosoftAppId, MicrosoftAppPassword, MicrosoftAppTenantId } = given;
  const type = given['MicrosoftAppType'] ?? 'SingleTenant';
  if (!MicrosoftAppId)
    return MicrosoftAppPassword || MicrosoftAppTenantId
      ? [
          'environment: MicrosoftAppId is missing, but other Microsoft app settings are there. Set it, or remove them.',
        ]
      : [];
  const isManaged = type === 'UserAssignedMSI';
  return [
    ...(!isManaged && !MicrosoftAppPassword
      ? [
          `environment: MicrosoftAppPassword is missing. A ${type} bot needs it; a UserAssignedMSI bot does not.`,
        ]
      : []),
    ...(isManaged && MicrosoftAppPassword
      ? [
          'environment: MicrosoftAppPassword is set for a UserAssignedMSI bot. Remove it: the identity has none.',
        ]
      : []),
    ...(type !== 'MultiTenant' && !MicrosoftAppTenantId
      ? [`environment: MicrosoftAppTenantId is missing. A ${type} bot needs its tenant.`]
      : []),
  ];
}

function credentialsOf(given: z.infer<typeof environmentShape>): Credentials | null {
  const { MicrosoftAppId: appId, MicrosoftAppType: appType } = given;
  if (!appId) return null;
  return {
    appType,
    appId,
    password: given.MicrosoftAppPassword ?? null,
    tenantId: given.MicrosoftAppTenantId ?? null,
  };
}
