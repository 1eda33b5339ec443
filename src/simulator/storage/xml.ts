import type { HostAnswer } from '../host';

/** An XML answer of a storage service. */
export const xml = (
  status: number,
  inner: string,
  headers: Readonly<Record<string, string>> = {},
): HostAnswer => ({
  status,
  headers: { 'content-type': 'application/xml', ...headers },
  body: `<?xml version="1.0" encoding="utf-8"?>${inner}`,
});

/** An answer of headers alone. */
export const emptyAnswer = (status: number, headers: Readonly<Record<string, string>> = {}): HostAnswer => ({
  status,
  headers,
});

/** A refusal as storage services word it: the code is in a header too. */
export const dataError = (
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): HostAnswer =>
  xml(status, `<Error><Code>${code}</Code><Message>${message}</Message></Error>`, {
    'x-ms-error-code': code,
    ...headers,
  });

/** Text as XML holds it. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The text of a message that a client puts into a queue. */
export const messageTextIn = (body: string): string =>
  (/<MessageText>([\s\S]*?)<\/MessageText>/.exec(body)?.[1] ?? '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
