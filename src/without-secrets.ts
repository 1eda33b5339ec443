/** What a secret is replaced by wherever it would be read. */
const HIDDEN = '[hidden]';

/** Names whose values are secrets wherever a word ends in them: `SqlPassword`, `db_password`, `x-functions-key`. */
const ending = [
  'password|passwd|pass[_ -]?phrase|secret[_ -]?text|client_assertion',
  '(?:account|shared_?access|api|access|private|secret|master|functions?|subscription)[_ -]?key',
  'shared_?access_?signature|(?:shared|client)[_ -]?secret|(?:access|refresh|id)[_ -]?token',
].join('|');
/** Names that are a secret's as words of their own, and mere letters within others. */
const alone = (names: string): string => `(?<![A-Za-z0-9])(?:${names})`;

/** Between a name, its sign and its value: spaces of one line, and the tags that Teams puts around words. */
const gap = '(?:[^\\S\\r\\n]|&nbsp;|&#160;|</?[a-z][^<>\\r\\n]{0,100}>){0,8}';
const equals = `${gap}(?:=|&#61;)${gap}`;
const colon = `(?:\\\\{0,8}["'])?${gap}:${gap}`;

/** Where a quote ends a JSON string around the text. */
const structure = '\\s{0,8}(?:[,:}\\]]|$)';
/** What stands between quotes other than JSON's. */
const within = (end: string): string =>
  `(?:[^${end}"\\\\\\r\\n]|\\\\{1,8}(?!["\\\\])|\\\\{0,8}"(?!${structure}))`;

/** A value in quotes ends at the quote that began it, or with the line where that one is missing. */
const quoted = [
  // As in JSON within a text, where backslashes before a quote are odd in number. Twice in a row, it stands for itself.
  `(?<escape>\\\\(?:\\\\\\\\){0,3})"(?:(?!\\k<escape>")(?:[^"\\\\\\r\\n]|\\\\{3}"|\\\\{2}|\\\\(?!["\\\\]))|\\k<escape>"\\k<escape>")*(?:\\k<escape>")?`,
  `"(?!${structure})(?:[^"\\\\\\r\\n]|\\\\.|"")*"?`,
  `'(?:${within("'")}|'')*'?`,
  `\`${within('`')}*\`?`,
  `[“”„]${within('“”')}*[“”]?`,
  `[‘’‚]${within('‘’')}*[‘’]?`,
  `(?<reference>&(?:quot|apos|#34|#39);)(?:(?!\\k<reference>)${within('')})*(?:\\k<reference>)?`,
].join('|');

/** A value of a connection string may have spaces: it ends before the next name. */
const spaced = `[^\\s;"'<>][^;"'\\r\\n<>]{0,60}?(?=;\\s{0,4}[A-Za-z][\\w .-]{0,40}=)`;

/** A value without quotes, and what may stand in it as long as it does not end it: `ab,cd`, `a"b`, `a&amp;b`. */
const bare = `(?![;,])(?:(?!\\[hidden\\])(?:${[
  '&(?:amp|lt|gt|quot|apos|#(?!160)\\d{1,7});',
  '&(?!nbsp;|#160;|(?:amp;)?[\\w.~-]{1,40}=)',
  `,{1,8}(?=[^\\s,;"'<])(?!\\s?[\\w.-]{1,40}=)`,
  `;(?=[^\\s;"'<&])(?!\\s?[\\w .@-]{1,40}=)`,
  '<(?!/?[a-z][^<>\\r\\n]{0,100}>)',
  '\\\\(?!\\\\{0,8}")',
  '["\'`”’)\\]}>]{1,8}(?=[\\p{L}\\p{N}])',
  '[^\\s&,;<"\'`”’)\\]}>\\\\]',
].join('|')}))+`;

/** What people and Azure write after a colon about a secret without giving it away. */
const prose = [
  'see|ask|look|check|find|use|in|is|are|was|were|has|have|had|will|must|should|can|cannot|could|not|no|none|yes|ok',
  'from|at|on|by|to|the|never|nobody|nothing|unknown|unchanged|expired|expires|valid|invalid|missing|empty|wrong',
  'correct|changed|rotated|renewed|reset|deleted|recovered|restored|stored|kept|null|true|false|undefined',
  // What App Service says of a reference to a vault (ResolveStatus).
  'Initialized|Resolved|InvalidSyntax|MSINotEnabled|VaultNotFound|SecretNotFound|SecretVersionNotFound',
  'AccessToKeyVaultDenied|OtherReasons|FetchTimedOut|UnauthorizedClient',
].join('|');
const told = `(?!(?:${prose})(?=[\\s.,;:!?)"'<\\\\]|$)|\\[hidden\\])(?![[{(]|\\d{1,3}(?=[,}\\]]))`;

const hiding = '(?!\\\\{0,8}["\']?\\[hidden\\])';
/** The same in a URL: `Password%3Dx%3BEncrypt%3DTrue`, encoded as often as it was passed on. */
const encoded = '%(?:25){0,3}';
const encodedValue = `(?<mark>${encoded}2[27])(?:(?!\\k<mark>)[^\\s"\\\\])*(?:\\k<mark>)?|(?:[^\\s"'<>&;%\\\\]|%(?!(?:25){0,3}(?:3B|26|0A|0D)))+`;

const scheme =
  'basic|bearer|digest|negotiate|ntlm|token|api_?key|sharedkey(?:lite)?|sharedaccesssignature|hmac-sha256';

/** Values that stand beside a name: as in a connection string, a form, JSON, a header, a command, or what somebody notes. */
const named = [
  [`(?:${ending}|${alone('pwd|sig|assertion|secret')})${equals}`, `${quoted}|${spaced}|${bare}`],
  [`(?:${ending}|${alone('pwd|sig|assertion')})${colon}`, quoted],
  [`(?:${ending}|${alone('pwd')})${colon}`, `${told}(?:${bare})`],
  [`(?:${ending}|${alone('pwd|sig')})${encoded}3D`, encodedValue],
  [`--[\\w-]{0,40}(?:password|secret|key|token)\\s{1,4}`, `(?![-<])(?:${quoted}|${bare})`],
  [
    `${alone('authorization')}${colon}(?:(?:${scheme})\\s{1,4}|(?!(?:${scheme})\\s))`,
    `(?:${quoted}|${told}${bare})`,
  ],
  // Who is meant may be read, and where.
  [
    '\\b[a-z][a-z0-9+.-]{1,30}://[^\\s/?#:@"\'<>]{0,200}:(?!\\d{1,5}[/?#])',
    '[^\\s"\'<>]{1,300}(?=@[\\w.[-])',
  ],
].map(([name, value]) => new RegExp(`(${name})${hiding}(${value})`, 'giu'));

/** Secrets that show by their shape alone. */
const shaped = [
  // Private keys, the rest of the text where the end is missing.
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,20}-----(?:(?!-----END)[^"])*(?:-----END [A-Z0-9 ]{0,60}-----|$)/g,
  /\bbearer\s+[\w.~+/-]{8,}=*/gi,
  // Signed tokens, Entra client secrets, storage account keys, tokens of GitHub.
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  /\b[\w~.-]{3}\dQ~[\w~.-]{31,34}/g,
  /(?:[A-Za-z0-9+/]|%2[BF]){86}(?:==|%3D%3D)/gi,
  /\b(?:gh[pousr]_[A-Za-z0-9]{8,}|github_pat_\w{8,})/g,
];

/** A name and its password as HTTP sends them: `Basic` and base64 with a colon within. */
const basic = /\b(basic\s+)([A-Za-z0-9+/_-]{6,}={0,2})/gi;

/**
 * A text without the secrets that it carries: what Azure, an app or a person wrote may quote a connection string. The
 * last net, since nothing of ours puts one there. Text that carries none comes back as it is, and JSON stays JSON.
 */
export function withoutSecrets(text: string): string {
  const unnamed = named.reduce(
    (rest, one) => rest.replace(one, (_whole, name: string, value: string) => name + hidden(value)),
    text,
  );
  return shaped
    .reduce((rest, shape) => rest.replace(shape, HIDDEN), unnamed)
    .replace(basic, (whole, name: string, value: string) =>
      Buffer.from(value, 'base64').includes(':') ? name + HIDDEN : whole,
    );
}

/** Quotes stay, so that what surrounds them reads on. */
function hidden(value: string): string {
  const [quote = ''] = /^\\{0,8}["']/.exec(value) ?? [];
  return quote + HIDDEN + (value.length > quote.length && value.endsWith(quote) ? quote : '');
}
