import {
  contactsParts,
  inventoryParts,
  objectivesParts,
  protectionParts,
} from '../../../src/chat/cards/at-hand-parts';
import { type AtHand, drawAtHand } from '../../../src/chat/cards/draw-at-hand';
import { type Card, cardBudget, sizeOf } from '../../../src/chat/cards/render-card';
import { contactsOf } from '../../../src/readiness/contacts';
import { takeInventory } from '../../../src/readiness/inventory/take-inventory';
import { objectivesOf } from '../../../src/readiness/objectives';
import { readProtection } from '../../../src/readiness/protection/read-protection';
import { runbook as rollback } from '../../../src/runbooks/rollback-app';
import { createFakeAzure, freshState } from '../../support/fake-azure';
import { estate, shop } from '../../support/protected-app';
import { noon } from '../../support/story';
import { partsOf, wordsOf } from './reading';

const azure = createFakeAzure({ now: () => noon, state: freshState() });
const draw = (parts: Omit<AtHand, 'now' | 'simulated'>): Card =>
  drawAtHand({ ...parts, now: noon, simulated: true });

const cards = async (): Promise<Readonly<Record<string, Card>>> => ({
  contacts: draw(
    contactsParts(
      contactsOf({
        ...estate,
        contacts: [
          {
            role: 'Azure support',
            name: 'Microsoft',
            reach: 'https://portal.azure.com/x',
            responsibility: 'Severity A',
          },
          { role: 'Primary admin', name: 'Alex', reach: '+1 425 555 0100', responsibility: 'First' },
        ],
        supportPlan: 'Developer',
      }),
    ),
  ),
  inventory: draw(
    inventoryParts(await takeInventory(azure, shop, noon, 1_000), 'https://bot.example/inventory/shop?key=k'),
  ),
  objectives: draw(objectivesParts(objectivesOf(shop, new Map([[rollback.name, rollback]]), []))),
  protection: draw(protectionParts(shop.title, await readProtection(azure, shop, noon, 1_000))),
});

test('all four are cards that Teams takes: version, fallback, size, no member left unfilled', async () => {
  for (const [name, card] of Object.entries(await cards())) {
    expect([name, card['version'], card['type']]).toEqual([name, '1.5', 'AdaptiveCard']);
    expect(sizeOf(card)).toBeLessThan(cardBudget);
    expect(String(card['fallbackText'])).not.toBe('');
    expect(JSON.stringify(card)).not.toContain('$' + '{');
  }
});

test('how each thing stands is told by a word and a sign, not by a colour alone', async () => {
  const words = wordsOf((await cards())['protection'] ?? {});
  expect(words).toMatch(/✓ {2}Point-in-time restore {2}· as the document assumes/);
  expect(words).toMatch(/⚠ {2}\S.* {2}· weaker/);
});

test('contacts lead to the support page and to links, not to telephone numbers that Teams cannot open', async () => {
  const urls = partsOf((await cards())['contacts'])
    .filter((part) => part['type'] === 'Action.OpenUrl' && 'url' in part)
    .map((part) => part['url']);
  expect(urls).toEqual([
    'https://portal.azure.com/#blade/Microsoft_Azure_Support',
    'https://portal.azure.com/x',
  ]);
});

test('a record of hundreds of names fits, and says what was left out', () => {
  const rows = Array.from({ length: 400 }, (_, index) => ({
    ...({ symbol: '✓', color: 'good', head: `Resource number ${index}`, tag: 'there' } as const),
    lines: [{ text: 'a name that is rather long for its purpose, and goes on'.repeat(3) }],
  }));
  const card = draw({
    title: 'Inventory',
    about: '',
    warnings: [],
    links: [],
    sections: [{ title: 'Names', rows }],
  });
  expect(sizeOf(card)).toBeLessThan(cardBudget);
  expect(wordsOf(card)).toMatch(/… and \d+ more$/m);
});
