import type { Contact, Estate } from '../engine/estate';
import { enoughForProduction, SUPPORT_PAGE, supportPlans } from './document';

/** Whom to call, and what Azure's support owes. */
export interface Contacts {
  readonly people: readonly (Contact & { readonly link: string | null })[];
  readonly support: {
    readonly plan: string;
    readonly answersIn: string;
    readonly cost: string;
    readonly page: string;
    /** What to know about the plan beyond its numbers; empty when it is what the document recommends. */
    readonly warning: string;
  };
  /** Who may do what in the bot, by role. */
  readonly roles: readonly { readonly role: string; readonly people: readonly string[] }[];
}

/** Whom to call, from the estate file and the document's table alone: it must answer when nothing else does. */
export function contactsOf({ contacts, supportPlan, people }: Estate): Contacts {
  const { answersIn, cost } = supportPlans[supportPlan];
  const roles = [...new Set(people.flatMap((person) => person.roles))];
  return {
    people: contacts.map((contact) => ({ ...contact, link: linkOf(contact.reach) })),
    support: {
      ...{ plan: supportPlan, answersIn, cost, page: SUPPORT_PAGE },
      warning: enoughForProduction.includes(supportPlan)
        ? ''
        : `The document recommends Standard for production, which answers within ${supportPlans.Standard.answersIn}.`,
    },
    roles: roles.map((role) => ({
      role,
      people: people.filter((person) => person.roles.includes(role)).map(({ name }) => name),
    })),
  };
}

/** What a phone opens when it is pressed. */
function linkOf(reach: string): string | null {
  if (/^https:\/\//i.test(reach)) return reach;
  if (/^[^\s@]+@[^\s@]+$/.test(reach)) return `mailto:${reach}`;
  return /^\+?[\d\s()/-]{5,}$/.test(reach) ? `tel:${reach.replace(/[^\d+]/g, '')}` : null;
}
