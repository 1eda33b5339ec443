/** What both the pipeline's headers and an SDK's answer offer. */
interface Headers {
  get(name: string): string | undefined;
}

/** How long Azure asks to wait, in milliseconds (RFC 9110, `Retry-After`: seconds or a date); null without one. */
export function retryAfterIn(headers: Headers): number | null {
  const milliseconds = Number(
    headers.get('retry-after-ms') ?? headers.get('x-ms-retry-after-ms') ?? Number.NaN,
  );
  if (Number.isFinite(milliseconds)) return Math.max(0, milliseconds);
  const value = headers.get('retry-after');
  if (value === undefined) return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(value);
  if (!Number.isFinite(date)) return null;
  // A date in the header is the server's: it is measured against the same answer's own date where it has one.
  const answeredAt = Date.parse(headers.get('date') ?? '');
  return Math.max(0, date - (Number.isFinite(answeredAt) ? answeredAt : Date.now()));
}
