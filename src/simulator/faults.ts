import { at, isObject, numberAt, textAt, textsAt } from './json';
import type { OperationFault } from './state';

/** What is made to go wrong, and for which requests. `path` is tried as a regular expression, and as plain text, on host and path. */
export interface Fault {
  readonly method?: string;
  readonly path: string | RegExp;
  /** How many matching requests it hits; 1 unless told. */
  readonly times?: number;
  /** How many matching requests pass unharmed first. */
  readonly after?: number;
  readonly status?: number;
  readonly code?: string;
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Holds the answer back; the effect comes at once. */
  readonly delayMs?: number;
  /** Holds the request back before anything is done with it, so that its effect may come when nobody waits any more. */
  readonly effectDelayMs?: number;
  /** Destroys the connection instead of answering. */
  readonly reset?: boolean;
  /** `before`: the request has no effect (the default). `after`: it has its effect, and only the answer is lost. */
  readonly when?: 'before' | 'after';
  /** Every token issued so far is worth nothing from this request on, which is served like any other. */
  readonly tokensExpire?: boolean;
  /** Befalls the long-running operation that the request starts; the request itself is accepted. */
  readonly lro?: OperationFault;
}

/** A fault in place, with how often it matched so far and how many hits are left. */
export interface FaultInPlace {
  readonly id: number;
  readonly fault: Fault;
  readonly seen: number;
  readonly left: number;
}

/** The faults in place. */
export interface Faults {
  add(fault: Fault): number;
  clear(): void;
  list(): readonly FaultInPlace[];
  /** The fault that hits this request, if any; it is used up by one. */
  take(method: string, target: string): Fault | undefined;
  /** The same for the operation that this request starts. */
  takeForOperation(method: string, target: string): OperationFault | undefined;
}

interface Entry {
  readonly id: number;
  readonly fault: Fault;
  seen: number;
  left: number;
}

/** An empty list of faults. */
export function createFaults(): Faults {
  let entries: Entry[] = [];
  let added = 0;
  const takeWhere = (
    method: string,
    target: string,
    wanted: (fault: Fault) => boolean,
  ): Fault | undefined => {
    for (const entry of entries) {
      if (entry.left === 0 || !wanted(entry.fault) || !matches(entry.fault, method, target)) {
        continue;
      }
      entry.seen += 1;
      if (entry.seen > (entry.fault.after ?? 0)) {
        entry.left -= 1;
        return entry.fault;
      }
    }
    return undefined;
  };
  return {
    add(fault) {
      added += 1;
      entries.push({ id: added, fault, seen: 0, left: fault.times ?? 1 });
      return added;
    },
    clear() {
      entries = [];
    },
    list: () => entries.map((entry) => ({ ...entry })),
    take: (method, target) => takeWhere(method, target, (fault) => fault.lro === undefined),
    takeForOperation: (method, target) => takeWhere(method, target, (fault) => fault.lro !== undefined)?.lro,
  };
}

function matches({ method, path }: Fault, requestMethod: string, target: string): boolean {
  if (method !== undefined && method.toUpperCase() !== requestMethod) {
    return false;
  }
  if (typeof path !== 'string') {
    return path.test(target);
  }
  return target.toLowerCase().includes(path.toLowerCase()) || asRegExp(path)?.test(target) === true;
}

function asRegExp(text: string): RegExp | undefined {
  try {
    return new RegExp(text, 'i');
  } catch {
    return undefined;
  }
}

/** Reads a fault from the control API's JSON; throws a TypeError that says what is wrong with it. */
export function readFault(body: unknown): Fault {
  const path = textAt(body, 'path');
  if (!isObject(body) || path === undefined || path === '') {
    throw new TypeError('A fault needs a path, for example {"path": "/move", "status": 500}.');
  }
  const known = [
    'method',
    'path',
    'times',
    'after',
    'status',
    'code',
    'message',
    'headers',
    'delayMs',
    'effectDelayMs',
    'reset',
    'when',
    'tokensExpire',
    'lro',
  ];
  const strange = Object.keys(body).filter((name) => !known.includes(name));
  if (strange.length > 0) {
    throw new TypeError(`A fault has no ${strange.join(', ')}. It may have: ${known.join(', ')}.`);
  }
  const lro = readOperationFault(at(body, 'lro'));
  const when = readWhen(textAt(body, 'when') ?? (body['reset'] === 'after' ? 'after' : undefined));
  const reset = body['reset'] === true || body['reset'] === 'before' || body['reset'] === 'after';
  const tokensExpire = body['tokensExpire'] === true;
  const fault: Fault = {
    path,
    ...optional('method', textAt(body, 'method')),
    ...optional('times', numberAt(body, 'times')),
    ...optional('after', numberAt(body, 'after')),
    ...optional('status', numberAt(body, 'status')),
    ...optional('code', textAt(body, 'code')),
    ...optional('message', textAt(body, 'message')),
    ...optional('headers', textsAt(body, 'headers')),
    ...optional('delayMs', numberAt(body, 'delayMs')),
    ...optional('effectDelayMs', numberAt(body, 'effectDelayMs')),
    ...(reset ? { reset } : {}),
    ...optional('when', when),
    ...(tokensExpire ? { tokensExpire } : {}),
    ...optional('lro', lro),
  };
  const waits = fault.delayMs !== undefined || fault.effectDelayMs !== undefined;
  const harmless = fault.status === undefined && !waits && !reset && !tokensExpire;
  if (harmless && lro === undefined) {
    throw new TypeError(
      'A fault needs something to do: status, delayMs, effectDelayMs, reset, tokensExpire or lro.',
    );
  }
  return fault;
}

function readWhen(text: string | undefined): 'before' | 'after' | undefined {
  if (text === undefined || text === 'before' || text === 'after') {
    return text;
  }
  throw new TypeError(`A fault's "when" is "before" or "after" the effect, not "${text}".`);
}

function readOperationFault(value: unknown): OperationFault | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (at(value, 'stuck') === true) {
    return { stuck: true };
  }
  const code = textAt(value, 'fail', 'code');
  const message = textAt(value, 'fail', 'message');
  if (code === undefined || message === undefined) {
    throw new TypeError('A fault\'s "lro" is {"stuck": true} or {"fail": {"code": "…", "message": "…"}}.');
  }
  return { fail: { code, message } };
}

function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [K in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [K in Name]?: Value });
}
