/** An answer over HTTP. */
export interface Reply {
  readonly status: number;
  /** Sent as JSON, unless it is text of another type. */
  readonly body?: unknown;
  readonly contentType?: string;
  /** Beside those that every answer has; the same name replaces one of them. */
  readonly headers?: { readonly [name: string]: string };
}

/** Who asks over HTTP for something that is not for everybody: from where, and with which key. */
export interface Knock {
  readonly key: string | null;
  readonly from: string;
  readonly forwarded: boolean;
}

/** Somebody asks over HTTP for an incident's whole timeline: on this machine, or with the key of an export link. */
export interface ExportAsked extends Knock {
  readonly incident: string;
  readonly format: 'json' | 'markdown';
}

/** Somebody asks over HTTP for the record of an app's resources. */
export interface InventoryAsked extends Knock {
  readonly app: string;
}
