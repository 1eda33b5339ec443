import type { Activity } from './activity';

/** An Adaptive Card, or a piece of one, as it came over the wire. */
export type Card = Readonly<Record<string, unknown>>;

const adaptiveCard = 'application/vnd.microsoft.card.adaptive';

/** Whether this is an object of JSON, and no list. */
export function isObject(value: unknown): value is Card {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first Adaptive Card that an activity carries. */
export function cardOf(activity: Activity): Card | undefined {
  const content = activity.attachments?.find((one) => one.contentType === adaptiveCard)?.content;
  return isObject(content) ? content : undefined;
}

/** A user-specific view as the card asks for it: who sees their own, and the action that fetches it. */
export type Refresh = {
  readonly userIds?: readonly string[];
  readonly action: { readonly id?: string; readonly verb?: string; readonly data: unknown };
};

/** The card's request for user-specific views, if it makes one that Teams would obey (an `Action.Execute`). */
export function refreshOf(card: Card): Refresh | undefined {
  const refresh = card['refresh'];
  if (!isObject(refresh)) return undefined;
  const action = refresh['action'];
  if (!isObject(action) || action['type'] !== 'Action.Execute') return undefined;
  const userIds = refresh['userIds'];
  return {
    ...(Array.isArray(userIds) ? { userIds: userIds.filter((id) => typeof id === 'string') } : {}),
    action: { ...named(action), data: action['data'] ?? {} },
  };
}

/** What a person can press on a card. */
export type Button = {
  readonly type: string;
  readonly title?: string;
  readonly id?: string;
  readonly verb?: string;
  readonly data: unknown;
  /** The inputs that go along when it is pressed: those of the card, and of the ShowCard around the button. */
  readonly inputs: readonly Card[];
};

/** What a person calls a button: its title, or what it has instead. */
export function nameOf({ title, verb, type }: Button): string {
  return title ?? verb ?? type;
}

/** Every button of a card, also those inside ShowCards, ActionSets and tappable containers; disabled and hidden ones left out. */
export function buttonsOf(card: Card): readonly Button[] {
  return buttonsWithin(card, []);
}

function buttonsWithin(card: Card, outer: readonly Card[]): readonly Button[] {
  const inputs = [...outer, ...visible(card['body']).filter(isInput)];
  const actions = [...objects(card['actions']), ...visible(card['body']).flatMap(actionsOn)];
  return actions
    .filter((action) => action['isEnabled'] !== false)
    .flatMap((action) =>
      action['type'] === 'Action.ShowCard' && isObject(action['card'])
        ? buttonsWithin(action['card'], inputs)
        : [
            {
              type: String(action['type']),
              ...named(action),
              data: action['data'],
              inputs: sent(action, inputs),
            },
          ],
    );
}

function sent(action: Card, inputs: readonly Card[]): readonly Card[] {
  return action['associatedInputs'] === 'none' ? [] : inputs;
}

function named(action: Card): { readonly title?: string; readonly id?: string; readonly verb?: string } {
  const { title, id, verb } = action;
  return {
    ...(typeof title === 'string' ? { title } : {}),
    ...(typeof id === 'string' ? { id } : {}),
    ...(typeof verb === 'string' ? { verb } : {}),
  };
}

function actionsOn(element: Card): readonly Card[] {
  const tap = element['selectAction'];
  return [
    ...(element['type'] === 'ActionSet' ? objects(element['actions']) : []),
    ...(isObject(tap) ? [tap] : []),
  ];
}

function isInput(element: Card): boolean {
  return typeof element['type'] === 'string' && element['type'].startsWith('Input.');
}

/** Every element of a card's body that is shown, at any depth. */
function visible(elements: unknown): readonly Card[] {
  return objects(elements)
    .filter((element) => element['isVisible'] !== false)
    .flatMap((element) => [
      element,
      ...['items', 'columns', 'rows', 'cells'].flatMap((part) => visible(element[part])),
    ]);
}

function objects(value: unknown): readonly Card[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** All the words a person can read on a card, a line each, in the order of the card: for reading it in a test or a log. */
export function wordsOf(card: unknown): readonly string[] {
  if (Array.isArray(card)) return card.flatMap(wordsOf);
  if (!isObject(card) || card['isVisible'] === false) return [];
  const own = ['title', 'text', 'label', 'value', 'placeholder', 'errorMessage', 'altText'].flatMap((key) =>
    typeof card[key] === 'string' ? [card[key]] : [],
  );
  const inner = [
    'items',
    'columns',
    'rows',
    'cells',
    'facts',
    'inlines',
    'choices',
    'body',
    'actions',
    'card',
  ];
  return [...own, ...inner.flatMap((key) => wordsOf(card[key]))];
}

/** What the client sends for these inputs: what the person filled in over what the card had in them. Throws on an input the card does not have, or a required one left empty. */
export function filledIn(
  button: Button,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const known = button.inputs.map((input) => String(input['id']));
  for (const id of Object.keys(given)) {
    if (!known.includes(id)) {
      throw new Error(`The card has no input "${id}". It has: ${known.join(', ') || 'none'}.`);
    }
  }
  return Object.fromEntries(
    button.inputs.flatMap((input) => {
      const id = String(input['id']);
      const value = given[id] ?? (input['value'] === undefined ? undefined : String(input['value']));
      if (input['isRequired'] === true && (value ?? '') === '') {
        throw new Error(`Teams does not send the form: the required input "${id}" is empty.`);
      }
      return value === undefined ? [] : [[id, value]];
    }),
  );
}
