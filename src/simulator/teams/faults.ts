/** A request that the bot made to the connector, and what it was answered. */
export type Call = {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly authorization?: string;
  readonly body?: unknown;
  /** 0 when the connection was cut instead of answered. */
  readonly status: number;
};

/** Something that goes wrong between the bot and Teams. */
export type Fault = {
  readonly method?: string;
  /** A part of the path (decoded), or a pattern for it. */
  readonly path?: string | RegExp;
  /** How often it strikes; once, unless told. */
  readonly times?: number;
  /** Milliseconds before anything happens. */
  readonly delay?: number;
  /** What the bot hears instead of the true answer; without it the request is only late. */
  readonly answer?:
    | 'reset'
    | {
        readonly status: number;
        readonly headers?: Readonly<Record<string, string>>;
        readonly body?: unknown;
      };
  /** Whether Teams did what was asked all the same, so that only the answer is lost. */
  readonly effect?: 'done' | 'none';
};

/** A fault that is laid: how often it struck, and the way to take it up again. */
export type LaidFault = { hits(): number; stop(): void };

/** Keeps the faults that are laid; `strike` gives the first that matches a request and uses it up by one. */
export function createFaults(): {
  lay(fault: Fault): LaidFault;
  strike(method: string, path: string): Fault | undefined;
} {
  const laid: { readonly fault: Fault; left: number; hits: number }[] = [];
  return {
    lay: (fault) => {
      const entry = { fault, left: fault.times ?? 1, hits: 0 };
      laid.push(entry);
      return {
        hits: () => entry.hits,
        stop: () => {
          entry.left = 0;
        },
      };
    },
    strike: (method, path) => {
      const entry = laid.find((one) => one.left > 0 && matches(one.fault, method, path));
      if (entry === undefined) return undefined;
      entry.left -= 1;
      entry.hits += 1;
      return entry.fault;
    },
  };
}

function matches(fault: Fault, method: string, path: string): boolean {
  if (fault.method !== undefined && fault.method.toUpperCase() !== method) return false;
  if (fault.path === undefined) return true;
  return typeof fault.path === 'string' ? path.includes(fault.path) : fault.path.test(path);
}
