/** An answer over HTTP. */
export interface Reply {
  readonly status: number;
  /** Sent as JSON, unless it is text of another type. */
  readonly body?: unknown;
  readonly contentType?: string;
  /** Beside those that every answer has; the same name replaces one of them. */
  readonly headers?: { readonly [name: string]: string };
}

/** Somebody asks over HTTP for an incident's whole timeline: on this machine, or with the key of an export link. */
export interface ExportAsked {
  readonly incident: string;
  readonly format: 'json' | 'markdown';
  readonly key: string | null;
  readonly from: string;
  readonly forwarded: boolean;
}
