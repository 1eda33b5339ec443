/** One HTTPS request as a host handler sees it: `url` is path and query, `body` the parsed JSON (undefined when there is none). */
export interface HostRequest {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly url: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
  readonly text: string;
}

/** What a host answers. A string body is sent as it is, anything else as JSON. `afterMs` holds the answer back, in real milliseconds. */
export interface HostAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly afterMs?: number;
  /** True: the connection ends without an answer, as with a certificate that the client does not accept. */
  readonly hangsUp?: boolean;
}

/** Answers every request for one host name. It must apply its effect before it returns. */
export type HostHandler = (request: HostRequest) => HostAnswer | Promise<HostAnswer>;

/** Host names to their handlers; `*.example.net` covers one label. */
export type Hosts = Readonly<Record<string, HostHandler>>;

/** The handler for a host name: an exact entry, or else a wildcard over its first label. */
export function handlerFor(hosts: Hosts, host: string): HostHandler | undefined {
  const name = host.toLowerCase();
  return hosts[name] ?? hosts[`*.${name.slice(name.indexOf('.') + 1)}`];
}
