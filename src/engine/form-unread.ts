/** A form's values could not be read from Azure; the message says what and why. */
export class FormUnread extends Error {}
