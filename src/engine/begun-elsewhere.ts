const PREFIX = 'terminal:';

/**
 * Where an incident is handled that was begun at a terminal: nowhere in Teams yet. Each such word is another place, so
 * that two incidents are never taken for one. When the bot is back it opens a thread for it in the app's channel.
 */
export const terminalPlace = (id: string): string => `${PREFIX}${id}`;

/** Whether an incident is handled at a terminal alone, without a conversation in Teams. */
export const isTerminalPlace = (conversation: string): boolean => conversation.startsWith(PREFIX);
