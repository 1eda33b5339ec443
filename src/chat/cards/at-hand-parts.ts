import type { Contacts } from '../../readiness/contacts';
import { differences, type Inventory } from '../../readiness/inventory/take-inventory';
import type { Measured, Objectives } from '../../readiness/objectives';
import type { Protection } from '../../readiness/protection/finding';
import { sayRange } from '../../words/forecast';
import { sayList, sayMinutes } from '../../words/say';
import type { AtHand, AtHandRow } from './draw-at-hand';

type Parts = Pick<AtHand, 'title' | 'about' | 'warnings' | 'sections' | 'links'>;

/** Whom to call, in words for a card. */
export function contactsParts({ people, support, roles }: Contacts): Parts {
  return {
    title: 'Whom to call',
    about: 'From the estate file: this answers also when Azure does not.',
    warnings: support.warning === '' ? [] : [support.warning],
    sections: [
      {
        title: '',
        rows: people.map(({ role, name, reach, responsibility }) => ({
          head: role,
          lines: [{ text: `${name} · ${reach}` }, { text: responsibility, subtle: true }],
        })),
      },
      {
        title: 'Azure support',
        rows: [
          {
            head: `${support.plan} plan`,
            lines: [
              { label: 'Severity A is answered within', text: support.answersIn },
              { text: `${support.cost}. Severity A is for production that is down.`, subtle: true },
            ],
          },
        ],
      },
      {
        title: 'Who may do what here',
        rows: roles.map(({ role, people: named }) => ({ head: role, lines: [{ text: named.join(', ') }] })),
      },
    ],
    links: [
      { title: 'Open a support request', url: support.page },
      ...people.flatMap(({ role, link }) =>
        link?.startsWith('https:') && link !== support.page ? [{ title: role, url: link }] : [],
      ),
    ],
  };
}

const stands = {
  there: { symbol: '✓', color: 'good', tag: 'there' },
  elsewhere: { symbol: '⚠', color: 'warning', tag: 'in another region' },
  missing: { symbol: '✗', color: 'attention', tag: 'missing' },
  'not yet': { symbol: '○', color: 'default', tag: 'not yet' },
  unknown: { symbol: '?', color: 'warning', tag: 'unknown' },
} as const;

/** The record of names, in words for a card; `link` leads to the file. */
export function inventoryParts(inventory: Inventory, link: string | null): Parts {
  const { app, items, others, failoverGroups, hostNames, unread } = inventory;
  const different = differences(inventory);
  const plain = others.filter(({ isNamedKind }) => !isNamedKind);
  return {
    title: `Inventory: ${app.title}`,
    about:
      unread.length > 0
        ? 'Azure could not be read everywhere: what is unknown says so.'
        : different.length === 0
          ? 'Azure and the estate file agree.'
          : `Azure and the estate file differ in ${different.length} ${different.length === 1 ? 'place' : 'places'}.`,
    warnings: [...unread, ...different],
    sections: [
      {
        title: 'Names in the estate file',
        rows: items.map(({ what, name, state, words, location }) => ({
          ...{ ...stands[state], head: what },
          lines: [{ text: `${name}${location ? ` · ${location}` : ''}` }, { text: words, subtle: true }],
        })),
      },
      {
        title: 'Around them',
        rows: [
          {
            head: 'Failover groups',
            lines: [
              {
                text:
                  'unknown' in failoverGroups
                    ? `Unknown: ${failoverGroups.unknown}`
                    : failoverGroups.value.map(({ name, role }) => `${name} (${role} here)`).join(', ') ||
                      'none',
              },
            ],
          },
          {
            head: 'Host names',
            lines: [
              {
                text:
                  'unknown' in hostNames
                    ? `Unknown: ${hostNames.unknown}`
                    : hostNames.value.join(', ') || 'none',
              },
            ],
          },
          ...(plain.length > 0
            ? [
                {
                  head: 'Also in its resource groups',
                  lines: [
                    { text: plain.map(({ name, type }) => `${name} (${type.split('/').at(-1)})`).join(', ') },
                  ],
                },
              ]
            : []),
        ],
      },
    ],
    links: link === null ? [] : [{ title: 'Save the record as a file', url: link }],
  };
}

/** Objectives and what was really reached, in words for a card. */
export function objectivesParts({ app, targets, measured, caveats }: Objectives): Parts {
  const { rtoMinutes, rpoMinutes } = app.objectives;
  return {
    title: `Objectives: ${app.title}`,
    about: `Tier ${app.tier}. This app: RTO ${sayRange(rtoMinutes)}, RPO ${sayMinutes(rpoMinutes)}.`,
    warnings: [],
    sections: [
      {
        title: 'What the document promises',
        rows: targets.map(({ tier, rtoMinutes: rto, rpo, risk }) => ({
          head: `Tier ${tier}${tier === app.tier ? ' (this app)' : ''}`,
          lines: [
            { label: 'RTO', text: sayRange(rto) },
            { label: 'RPO', text: rpo },
            { text: `Data loss risk: ${risk}`, subtle: true },
          ],
        })),
      },
      { title: 'What was measured here', rows: measured.map(measuredRow) },
      {
        title: 'To be known',
        rows: [{ head: 'The document is too kind here', lines: caveats.map((text) => ({ text })) }],
      },
    ],
    links: [],
  };
}

function measuredRow({
  title,
  estimateMinutes,
  recoveries,
  recovery,
  loss,
  quoted,
  kept,
}: Measured): AtHandRow {
  const document = { label: 'Document', text: sayRange(estimateMinutes) };
  if (!recovery)
    return {
      ...{ symbol: '?', color: 'warning', head: title, tag: 'unknown, never measured' },
      lines: [document, ...(quoted === null ? [] : [{ label: 'Last quote', text: sayMinutes(quoted) }])],
    };
  return {
    ...(kept
      ? { symbol: '✓', color: 'good', tag: 'within the RTO' }
      : { symbol: '⚠', color: 'warning', tag: 'over the RTO' }),
    head: title,
    lines: [
      document,
      {
        label: 'Recovery time',
        text: `last ${sayMinutes(recovery.last)}, median ${sayMinutes(recovery.median)}, worst ${sayMinutes(recovery.worst)} of ${recoveries}`,
      },
      {
        label: 'Data lost',
        text: loss === null ? 'unknown' : `last ${sayMinutes(loss.last)}, worst ${sayMinutes(loss.worst)}`,
      },
      { label: 'Last quote', text: sayMinutes(quoted) },
    ],
  };
}

const verdicts = {
  kept: { symbol: '✓', color: 'good', tag: 'as the document assumes' },
  weaker: { symbol: '⚠', color: 'warning', tag: 'weaker' },
  unknown: { symbol: '?', color: 'warning', tag: 'unknown' },
} as const;

const worstFirst: readonly Protection['verdict'][] = ['weaker', 'unknown', 'kept'];
const byWorst = (a: Protection, b: Protection): number =>
  worstFirst.indexOf(a.verdict) - worstFirst.indexOf(b.verdict);

/** What is protected and how, in words for a card; what needs an eye stands first. */
export function protectionParts(title: string, found: readonly Protection[]): Parts {
  const named = (verdict: Protection['verdict']) =>
    found.filter((one) => one.verdict === verdict).map(({ what }) => what);
  const [weaker, unknown] = [named('weaker'), named('unknown')];
  return {
    title: `Protection: ${title}`,
    about:
      weaker.length + unknown.length === 0
        ? 'Everything is protected as the document assumes, or better.'
        : [
            ...(weaker.length > 0 ? [`Weaker than the document assumes: ${sayList(weaker)}.`] : []),
            ...(unknown.length > 0 ? [`Unknown: ${sayList(unknown)}.`] : []),
          ].join(' '),
    warnings: [],
    sections: [
      {
        title: '',
        rows: found.toSorted(byWorst).map(({ what, found: is, assumed, verdict, words }) => ({
          ...{ ...verdicts[verdict], head: what },
          lines: [
            { label: 'Now', text: is },
            { label: 'Document', text: assumed },
            { text: words, subtle: true },
          ],
        })),
      },
    ],
    links: [],
  };
}
