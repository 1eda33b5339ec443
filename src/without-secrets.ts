/** What a secret is replaced by wherever it would be read. */
const HIDDEN = '[hidden]';

const names =
  'password|passwd|pwd|account_?key|shared_?access_?key|shared_?access_?signature|shared_?secret|client_?secret|secret_?text|access_?token|refresh_?token|id_token|client_assertion|assertion|api_?key|sig';
const quoted = `"[^"]*"|'[^']*'`;

/** Names whose values are secrets: as in a connection string or a form, as in JSON, and a password that somebody notes. */
const named = [
  new RegExp(`((?:\\b|_)(?:${names})\\s*=\\s*)(?:${quoted}|[^\\s;,&"'<>{}]+)`, 'gi'),
  new RegExp(`((?:\\b|_)(?:${names})["']?\\s*:\\s*)(?:${quoted})`, 'gi'),
  /(\b(?:password|passwd|pwd)\s*:\s*)[^\s;,&"'<>{}]+/gi,
];

/** Secrets that show by their shape alone: bearer tokens, signed tokens, Entra client secrets, storage account keys. */
const shaped = [
  /\bbearer\s+[\w.~+/-]{8,}=*/gi,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  /\b[\w~.-]{3}\dQ~[\w~.-]{31,34}/g,
  /[A-Za-z0-9+/]{86}==/g,
];

/**
 * A text without the secrets that it carries: what Azure, an app or a person wrote may quote a connection string. The
 * last net, since nothing of ours puts one there. Text that carries none comes back as it is.
 */
export function withoutSecrets(text: string): string {
  const unnamed = named.reduce(
    (rest, one) => rest.replace(one, (_whole, name: string) => `${name}${HIDDEN}`),
    text,
  );
  return shaped.reduce((rest, shape) => rest.replace(shape, HIDDEN), unnamed);
}
