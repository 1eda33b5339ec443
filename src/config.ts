import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod/v4';
import type { Credentials } from './chat/credentials';
import { missing } from './engine/approval';
import type { Estate, ProtectedApp } from './engine/estate';
import type { Vote } from './incidents/run-state';

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
  /** The bot's address as people's browsers reach it, for links to exports. */
  readonly publicUrl: string;
  /** Names this process among several on one store. */
  readonly replica: string;
  readonly logLevel: string;
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

const gatePolicy = z.object({
  needs: z.array(z.object({ role: text, count: z.int().min(1).max(20) })).min(1),
  expiresAfterMinutes: z.number().positive(),
  onExpiry: z.enum(['stop', 'go-on']),
});

const appShape = z.strictObject({
  ...{ name: text.regex(/^[a-z0-9-]+$/, 'use small letters, digits and -'), title: text },
  tier: z.union([z.literal(2), z.literal(3)]),
  ...{ subscriptionId: z.guid(), resourceGroup: text, primaryRegion: text, secondaryRegion: text },
  ...{
    sqlServer: text,
    database: text,
    webApp: text,
    healthUrl: z.url({ protocol: /^https$/ }),
    channel: text,
  },
  healthWithinMinutes: z.number().positive().max(120).default(10),
  objectives: z.object({
    rtoMinutes: z.tuple([z.number().positive(), z.number().positive()]),
    rpoMinutes: z.number().min(0),
  }),
  gates: z.object({ begin: gatePolicy, swap: gatePolicy, commit: gatePolicy, 'clean-up': gatePolicy }),
});

const estateShape = z.strictObject({
  simulated: z.boolean().default(false),
  people: z.array(z.strictObject({ id: text, name: text, roles: z.array(text) })).min(1),
  apps: z.array(appShape).min(1),
});

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
  const publicUrl = parsed.data.PUBLIC_URL ?? `http://127.0.0.1:${port}`;
  return {
    publicUrl,
    port,
    dataDir: resolve(DATA_DIR),
    databaseUrl: DATABASE_URL ?? null,
    estate,
    estateFile,
    credentials: credentialsOf(parsed.data),
    replica,
    logLevel,
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

function readEstate(file: string, mistakes: string[]): Estate | null {
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    mistakes.push(
      `ESTATE_FILE: ${file} cannot be read (${why}). Point ESTATE_FILE at a YAML file like infra/estate.demo.yaml.`,
    );
    return null;
  }
  const parsed = estateShape.safeParse(content);
  if (!parsed.success) {
    mistakes.push(...parsed.error.issues.map((issue) => mistakeIn(file, issue, content)));
    return null;
  }
  const { simulated, people, apps } = parsed.data;
  mistakes.push(...inconsistencies(file, parsed.data));
  return { simulated, people, apps: apps.map(protectedApp) };
}

/** What each value allows alone and all of them together do not. */
function inconsistencies(file: string, { people, apps }: z.infer<typeof estateShape>): string[] {
  const twice = (values: readonly string[]) => [
    ...new Set(values.filter((one, index) => values.indexOf(one) !== index)),
  ];
  const ids = twice(people.map((person) => person.id.toLowerCase()));
  const names = twice(apps.map((app) => app.name));
  const everybody = people.map(({ id, name, roles }): Vote => {
    const by = { kind: 'person', id, name } as const;
    return { by, roles, choice: '', reason: '', at: new Date(0) };
  });
  const short = apps.flatMap((app) =>
    Object.entries(app.gates).flatMap(([gate, policy]) =>
      missing(policy, everybody).map(
        ({ role, count }) =>
          `${file}: apps "${app.name}", gate ${gate}: even if everybody answers, ${count} of role "${role}" is missing, since one person fills one seat. Nobody could ever approve: add people or lower the count.`,
      ),
    ),
  );
  return [
    ...ids.map((id) => `${file}: people: the id ${id} is there twice. One person, one entry.`),
    ...names.map((name) => `${file}: apps: the name "${name}" is there twice. Names must be unique.`),
    ...short,
  ];
}

function protectedApp(app: z.infer<typeof appShape>): ProtectedApp {
  const { subscriptionId, resourceGroup, sqlServer, webApp, ...rest } = app;
  const group = { subscriptionId, resourceGroup };
  return { ...rest, ...group, sqlServer: { ...group, server: sqlServer }, webApp: { ...group, app: webApp } };
}

/** Names that hold secrets: their values are never repeated, not even when they are wrong. */
const SECRET = /password|secret|database_url/i;

function mistakeIn(where: string, issue: z.core.$ZodIssue, given: unknown): string {
  const path = issue.path.map(String);
  const value = path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null
        ? Object.entries(at).find(([name]) => name === key)?.[1]
        : undefined,
    given,
  );
  const shown =
    value === undefined || typeof value === 'object' || SECRET.test(path.join('.'))
      ? ''
      : ` (it is ${JSON.stringify(value)})`;
  return `${where}: ${path.join('.') || 'the whole'}${shown}: ${issue.message}`;
}
