import type { Actor } from '../incidents/event';

/** Who did it, for people; what was not said in Teams is marked: `Alex Wilber (terminal)`. */
export const actorName = (actor: Actor): string =>
  actor.kind === 'person' ? `${actor.name}${actor.via ? ` (${actor.via})` : ''}` : 'dr-bot';
