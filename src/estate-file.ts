import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod/v4';
import { missing } from './engine/approval';
import {
  type DeploymentTemplate,
  type Estate,
  type ProtectedApp,
  type SecondarySite,
  SUPPORT_PLANS,
} from './engine/estate';
import { isKnown, resourcesOf } from './engine/guarded-resource';
import type { Vote } from './incidents/run-state';
import { mistakeIn } from './mistake';

const text = z.string().trim().min(1);

const gatePolicy = z.object({
  needs: z.array(z.object({ role: text, count: z.int().min(1).max(20) })).min(1),
  expiresAfterMinutes: z.number().positive(),
  onExpiry: z.literal(
    'stop',
    'use stop: silence approves nothing, and only commit may go on without an answer',
  ),
  escalation: z.strictObject({ afterMinutes: z.number().positive(), role: text }).optional(),
});

/** Behind it nothing more is changed, so silence may keep what is there. */
const commitPolicy = gatePolicy.extend({ onExpiry: z.enum(['stop', 'go-on']) });

const secretShape = z.discriminatedUnion('kind', [
  z.strictObject({ name: text, kind: z.literal('entra-client-secret'), application: z.guid() }),
  z.strictObject({ name: text, kind: z.literal('storage-connection-string') }),
  z.strictObject({ name: text, kind: z.literal('entered') }),
]);

const templateShape = z
  .strictObject({
    uri: z.url({ protocol: /^https$/ }).optional(),
    file: text.optional(),
    parameters: z.record(text, z.string()).default({}),
    secureParameters: z
      .record(text, z.strictObject({ resourceGroup: text, keyVault: text, secret: text }))
      .default({}),
    sqlAdministrator: z.strictObject({ login: text, passwordParameter: text }),
  })
  .refine(({ uri, file }) => (uri === undefined) !== (file === undefined), 'give either uri or file')
  .refine(
    ({ sqlAdministrator, secureParameters }) => sqlAdministrator.passwordParameter in secureParameters,
    'sqlAdministrator.passwordParameter must be one of secureParameters',
  );

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
  ...{ keyVault: text, storageAccount: text },
  secrets: z.array(secretShape).default([]),
  packages: z.strictObject({
    url: z.url({ protocol: /^https$/ }).transform((url) => url.replace(/\/+$/, '')),
    name: text,
    channels: z.array(text).min(1),
  }),
  template: templateShape.optional(),
  secondary: z
    .strictObject({
      ...{ resourceGroup: text, sqlServer: text, webApp: text, keyVault: text, storageAccount: text },
      healthUrl: z.url({ protocol: /^https$/ }),
    })
    .optional(),
  trafficManager: z.strictObject({ resourceGroup: text, profile: text }).optional(),
  domain: z.strictObject({ hostName: text, zone: text, zoneResourceGroup: text }).optional(),
  redirectApplications: z.array(z.guid()).default([]),
  auditTrailUrl: z.url({ protocol: /^https$/ }).optional(),
  auditTrailApplication: z.guid().optional(),
  healthWithinMinutes: z.number().positive().max(120).default(10),
  objectives: z.object({
    rtoMinutes: z.tuple([z.number().positive(), z.number().positive()]),
    rpoMinutes: z.number().min(0),
  }),
  guards: z.array(z.strictObject({ resource: text, policy: text })).default([]),
  breakGlass: text.nullable().default(null),
  gates: z.object({
    ...{ begin: gatePolicy, swap: gatePolicy, commit: commitPolicy, 'clean-up': gatePolicy },
    ...{ 'fail-over': gatePolicy, secrets: gatePolicy },
  }),
});

const contactShape = z.strictObject({ role: text, name: text, reach: text, responsibility: text });

const estateShape = z.strictObject({
  contacts: z.array(contactShape).min(1),
  supportPlan: z.enum(SUPPORT_PLANS),
  simulated: z.boolean().default(false),
  people: z
    .array(
      z.strictObject({ id: text, name: text, roles: z.array(text), accounts: z.array(text).default([]) }),
    )
    .min(1),
  groups: z.array(z.strictObject({ id: z.guid(), role: text })).default([]),
  apps: z.array(appShape).min(1),
});

/** Reads the estate file; null when it has mistakes, which are added to the list in words. */
export function readEstate(file: string, mistakes: string[]): Estate | null {
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
  const { apps: listed, ...rest } = parsed.data;
  const apps = listed.map((app) => protectedApp(app, dirname(file)));
  mistakes.push(...inconsistencies(file, parsed.data), ...apps.flatMap((app) => guardMistakes(file, app)));
  return { ...rest, apps };
}

/** What each value allows alone and all of them together do not. */
function inconsistencies(file: string, { people, groups, apps }: z.infer<typeof estateShape>): string[] {
  const twice = (values: readonly string[]) => [
    ...new Set(values.filter((one, index) => values.indexOf(one) !== index)),
  ];
  const ids = twice(people.flatMap(({ id, accounts }) => [id, ...accounts]).map((id) => id.toLowerCase()));
  const names = twice(apps.map((app) => app.name));
  const everybody = people.map(({ id, name, roles }): Vote => {
    const by = { kind: 'person', id, name } as const;
    return { by, roles, onBehalfOf: [], choice: '', reason: '', at: new Date(0) };
  });
  const fromGroups = new Set(groups.map(({ role }) => role));
  const short = apps.flatMap((app) =>
    Object.entries(app.gates).flatMap(([gate, policy]) =>
      missing({ policy, escalatedAt: null }, everybody)
        // How many a group has is known to Entra alone.
        .filter(({ role }) => !fromGroups.has(role))
        .map(
          ({ role, count }) =>
            `${file}: apps "${app.name}", gate ${gate}: even if everybody answers, ${count} of role "${role}" is missing, since one person fills one seat. Nobody could ever approve: add people or lower the count.`,
        ),
    ),
  );
  const held = new Set([...people.flatMap(({ roles }) => roles), ...fromGroups]);
  const unheld = apps.flatMap((app) =>
    [
      ...Object.entries(app.gates).flatMap(([gate, { escalation }]) =>
        escalation ? [[`gate ${gate}: escalation`, escalation.role]] : [],
      ),
      ...(app.breakGlass === null ? [] : [['breakGlass', app.breakGlass]]),
    ].flatMap(([where, role = '']) =>
      held.has(role)
        ? []
        : [
            `${file}: apps "${app.name}", ${where}: nobody has the role "${role}". Give it to somebody, or leave it out.`,
          ],
    ),
  );
  return [
    ...unheld,
    ...ids.map((id) => `${file}: people: the id ${id} is there twice. One person, one entry.`),
    ...names.map((name) => `${file}: apps: the name "${name}" is there twice. Names must be unique.`),
    ...apps
      .filter((app) => app.auditTrailUrl !== undefined && app.auditTrailApplication === undefined)
      .map(
        ({ name }) =>
          `${file}: apps "${name}": auditTrailUrl needs auditTrailApplication, the appId of the Entra application that the bot's token is for.`,
      ),
    ...short,
  ];
}

/** Guards that would never ask anybody. */
const guardMistakes = (file: string, app: ProtectedApp): readonly string[] =>
  app.guards.flatMap(({ resource, policy }) => {
    const where = `${file}: apps "${app.name}", guard of ${resource}`;
    return [
      ...(Object.hasOwn(app.gates, policy)
        ? []
        : [
            `${where}: there is no gate policy "${policy}". Use one of ${Object.keys(app.gates).join(', ')}.`,
          ]),
      ...(isKnown(app, resource)
        ? []
        : [`${where}: the app has nothing of that name. Use one of ${resourcesOf(app).join(', ')}.`]),
    ];
  });

function protectedApp(app: z.infer<typeof appShape>, folder: string): ProtectedApp {
  const { subscriptionId, resourceGroup, sqlServer, webApp, keyVault, storageAccount, ...rest } = app;
  const group = { subscriptionId, resourceGroup };
  return {
    ...{ ...rest, ...group },
    sqlServer: { ...group, server: sqlServer },
    webApp: { ...group, app: webApp },
    vault: { ...group, vault: keyVault },
    storage: { ...group, account: storageAccount },
    template: app.template ? templateOf(app.template, subscriptionId, folder) : null,
    secondary: app.secondary ? secondaryOf(app.secondary, subscriptionId) : null,
    trafficManager: app.trafficManager ?? null,
    domain: app.domain ?? null,
    auditTrailUrl: app.auditTrailUrl ?? null,
    auditTrailApplication: app.auditTrailApplication ?? null,
  };
}

function templateOf(
  { uri, file, parameters, secureParameters, sqlAdministrator }: z.infer<typeof templateShape>,
  subscriptionId: string,
  folder: string,
): DeploymentTemplate {
  const secure = Object.fromEntries(
    Object.entries(secureParameters).map(([name, { resourceGroup, keyVault, secret }]) => [
      name,
      { vault: { subscriptionId, resourceGroup, vault: keyVault }, secret },
    ]),
  );
  const password = secure[sqlAdministrator.passwordParameter];
  if (!password) throw new Error('The shape of the template was not checked.');
  return {
    from: uri === undefined ? { file: resolve(folder, file ?? '') } : { uri },
    ...{ parameters, secureParameters: secure },
    sqlAdministrator: { login: sqlAdministrator.login, password },
  };
}

function secondaryOf(
  site: NonNullable<z.infer<typeof appShape>['secondary']>,
  subscriptionId: string,
): SecondarySite {
  const { resourceGroup, sqlServer, webApp, keyVault, storageAccount, healthUrl } = site;
  const group = { subscriptionId, resourceGroup };
  return {
    ...{ resourceGroup, healthUrl },
    sqlServer: { ...group, server: sqlServer },
    webApp: { ...group, app: webApp },
    vault: { ...group, vault: keyVault },
    storage: { ...group, account: storageAccount },
  };
}
