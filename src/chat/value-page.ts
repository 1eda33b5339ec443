import { createHash } from 'node:crypto';
import type { Reply } from './reply';

const STYLE = `body{font:1rem/1.5 "Segoe UI",system-ui,sans-serif;max-width:38rem;margin:3rem auto;padding:0 1rem;color:#242424;background:#fff}
h1{font-size:1.4rem;line-height:1.25}label{display:block;font-weight:600;margin:1.25rem 0 .25rem}
input,button{font:inherit;padding:.6rem;border-radius:4px;border:1px solid #616161;box-sizing:border-box}
input{width:100%}button{margin-top:1rem;padding:.6rem 1.25rem;background:#4f52b2;border-color:#4f52b2;color:#fff;cursor:pointer}
.problem{border-left:4px solid #b10e1c;padding:.25rem .75rem}.note{color:#424242}
@media(prefers-color-scheme:dark){body{background:#1f1f1f;color:#fff}.note{color:#d6d6d6}input{background:#292929;color:#fff}}`;

const HEADERS = {
  // No script, no picture, no frame and no other address: the page can do nothing but send its form back here.
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'X-Robots-Tag': 'noindex, nofollow',
};

/** What the page is about. */
export interface Asked {
  readonly secret: string;
  readonly vault: string;
  readonly person: string;
  readonly until: Date;
}

/** The page with the field, and what was wrong with the last try, where there was one. */
export const formPage = (
  status: number,
  { secret, vault, person, until }: Asked,
  problem: string | null,
): Reply =>
  page(
    status,
    `Enter the new value of ${secret}`,
    `${problem === null ? '' : `<p class="problem" role="alert">${text(problem)}</p>`}
<p>It goes straight into the Key Vault <b>${text(vault)}</b>. The bot keeps it nowhere, shows it to nobody and writes it into no log. That ${text(person)} has entered a value goes onto the incident's timeline.</p>
<form method="post" autocomplete="off">
<label for="value">New value of ${text(secret)}</label>
<input id="value" name="value" type="password" required autofocus autocomplete="off" autocapitalize="off" spellcheck="false" aria-describedby="note">
<p class="note" id="note">Spaces at either end are left out; a value of several lines cannot be entered here. This page works once, and until ${text(until.toISOString().slice(11, 16))} UTC.</p>
<button type="submit">Store it in the vault</button>
</form>`,
  );

/** A page that only says something. */
export const wordsPage = (status: number, title: string, words: string): Reply =>
  page(status, title, `<p>${text(words)}</p>`);

const page = (status: number, title: string, body: string): Reply => ({
  ...{ status, contentType: 'text/html; charset=utf-8', headers: HEADERS },
  body: `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer"><title>${text(title)}</title><style>${STYLE}</style></head>
<body><main><h1>${text(title)}</h1>
${body}
</main></body></html>
`,
});

const text = (words: string): string => words.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
