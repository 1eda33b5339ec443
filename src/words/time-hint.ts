/** How to write a time that is always understood; ends every refusal that does not say so itself. */
export const timeHint = 'Write it like “10:00”, “yesterday 18:00”, “14 Feb 10:00” or “2026-02-14T10:00:00Z”.';
