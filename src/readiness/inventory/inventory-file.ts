import { toTheSecond } from '../../azure/to-the-second';
import type { Contacts } from '../contacts';
import { SUPPORT_PAGE } from '../document';
import type { Measured, Objectives } from '../objectives';
import { byHand } from './by-hand';
import { differences, type Inventory } from './take-inventory';

/** What the file is made of. */
export interface FileParts {
  readonly inventory: Inventory;
  readonly contacts: Contacts;
  readonly objectives: Objectives;
  readonly simulated: boolean;
}

/**
 * Everything that is needed by hand, as one HTML file without anything to load: names, ids, links to the portal,
 * commands, contacts, objectives. To be kept outside of Azure and printed; it holds no secret.
 */
export function inventoryFile({ inventory, contacts, objectives, simulated }: FileParts): string {
  const { app, takenAt } = inventory;
  const different = differences(inventory);
  return page(`${app.title}: recovery record`, [
    `<h1>${safe(app.title)}: recovery record</h1>`,
    `<p>Taken ${toTheSecond(takenAt)} by dr-bot. App <b>${safe(app.name)}</b>, Tier ${app.tier}, subscription <code>${safe(app.subscriptionId)}</code>, ${safe(app.primaryRegion)}, secondary ${safe(app.secondaryRegion)}. Keep it outside of Azure, and take it anew when something changes. It holds no secrets.</p>`,
    ...(simulated ? ['<p><b>From a simulated Azure: these resources do not exist.</b></p>'] : []),
    ...(inventory.unread.length > 0
      ? [
          `<p><b>Not everything could be read:</b> ${safe(inventory.unread.join('; '))}. What the estate file says stands here all the same.</p>`,
        ]
      : []),
    ...section('Differences between the estate file and Azure', list(different)),
    ...section('Whom to call', contactRows(contacts)),
    ...section('Names', nameRows(inventory)),
    ...section('By hand', byHand(app).flatMap(handRows)),
    ...section('Objectives', objectiveRows(objectives)),
  ]);
}

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`<h2>${safe(title)}</h2>`, ...lines];

const list = (lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`<ul>${lines.map((line) => `<li>${safe(line)}</li>`).join('')}</ul>`];

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  `<table><thead><tr>${head.map((cell) => `<th>${safe(cell)}</th>`).join('')}</tr></thead><tbody>${rows
    .map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`)
    .join('')}</tbody></table>`;

const contactRows = ({ people, support, roles }: Contacts): readonly string[] => [
  table(
    ['Role', 'Who', 'How', 'What for'],
    people.map(({ role, name, reach, responsibility, link }) => [
      safe(role),
      safe(name),
      link ? anchor(link, reach) : safe(reach),
      safe(responsibility),
    ]),
  ),
  `<p>Azure support plan: <b>${safe(support.plan)}</b>. Severity A is answered within: <b>${safe(support.answersIn)}</b> (${safe(support.cost)}). ${safe(support.warning)} ${anchor(SUPPORT_PAGE, SUPPORT_PAGE)}</p>`,
  ...list(roles.map(({ role, people: named }) => `${role}: ${named.join(', ')}`)),
];

function nameRows({ app, items, others, failoverGroups, hostNames }: Inventory): readonly string[] {
  const groups = [...new Set(items.map(({ group }) => group.resourceGroup))];
  return [
    table(
      ['What', 'Name', 'In Azure', 'Id'],
      items.map(({ what, name, state, words, location, id }) => [
        safe(what),
        anchor(portal(id), name),
        safe([stateWords[state], location, words].filter((part) => part).join(', ')),
        `<code>${safe(id)}</code>`,
      ]),
    ),
    ...list([
      `Resource groups: ${groups.join(', ')}`,
      `Health: ${app.healthUrl}`,
      `Host names: ${'value' in hostNames ? hostNames.value.join(', ') || 'none' : hostNames.unknown}`,
      `Failover groups: ${'value' in failoverGroups ? failoverGroups.value.map(({ name, role }) => `${name} (${role} here)`).join(', ') || 'none' : failoverGroups.unknown}`,
      `Packages: ${app.packages.url}/{${app.packages.channels.join(',')}}/${app.packages.name}-<version>.zip`,
      `Template: ${app.template ? ('uri' in app.template.from ? app.template.from.uri : app.template.from.file) : 'none in the estate file'}`,
      `Names of secrets: ${app.secrets.map(({ name }) => name).join(', ') || 'none in the estate file'}`,
      `Entra applications: ${app.redirectApplications.join(', ') || 'none in the estate file'}`,
    ]),
    ...(others.length > 0
      ? [
          '<h3>Also there, and not named by the estate file</h3>',
          table(
            ['Name', 'Type', 'Region'],
            others.map(({ id, name, type, location }) => [
              anchor(portal(id), name),
              safe(type),
              safe(location),
            ]),
          ),
        ]
      : []),
  ];
}

const stateWords = {
  there: 'there',
  elsewhere: 'in another region',
  missing: 'MISSING',
  'not yet': 'not yet',
  unknown: 'not known',
} as const;

const handRows = ({
  title,
  source,
  notes,
  commands,
}: ReturnType<typeof byHand>[number]): readonly string[] => [
  `<h3>${safe(title)} <small>${safe(source)}</small></h3>`,
  ...list(notes),
  `<pre>${commands.map(safe).join('\n')}</pre>`,
];

const objectiveRows = ({ app, targets, measured, caveats }: Objectives): readonly string[] => [
  table(
    ['Tier', 'RTO', 'RPO'],
    targets.map(({ tier, rtoMinutes, rpo }) => [
      `${tier}${tier === app.tier ? ' (this app)' : ''}`,
      `${rtoMinutes[0]}-${rtoMinutes[1]} minutes`,
      safe(rpo),
    ]),
  ),
  ...list(caveats),
  table(
    ['Runbook', 'The document', 'Measured'],
    measured.map((one) => [
      safe(one.title),
      `${one.estimateMinutes[0]}-${one.estimateMinutes[1]} minutes`,
      measuredWords(one),
    ]),
  ),
];

const measuredWords = ({ recovery, recoveries }: Measured): string =>
  recovery
    ? `last ${Math.ceil(recovery.last)} minutes, ${recoveries} in all`
    : 'unknown: never run to a recovery';

const portal = (id: string): string => `https://portal.azure.com/#resource${id}`;

const anchor = (url: string, words: string): string => `<a href="${safe(url)}">${safe(words)}</a>`;

const safe = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);

const style = `body{font:15px/1.45 system-ui,sans-serif;color:#111;max-width:64rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0}td,th{border:1px solid #bbb;padding:.3rem .5rem;text-align:left;vertical-align:top}
code,pre{font:13px/1.5 ui-monospace,monospace;overflow-wrap:anywhere}pre{background:#f3f3f3;padding:.7rem;white-space:pre-wrap}
small{color:#555;font-weight:normal}@media print{a{color:inherit}pre{border:1px solid #bbb}}`;

const page = (title: string, body: readonly string[]): string =>
  `<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${safe(title)}</title><style>${style}</style></head><body>\n${body.join('\n')}\n</body></html>\n`;
