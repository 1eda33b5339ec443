/** One message of the PostgreSQL protocol: its type (empty for the first one of a client), its body, and all its bytes. */
export interface Frame {
  readonly type: string;
  readonly body: Buffer;
  readonly raw: Buffer;
}

/** Cuts a stream into messages (PostgreSQL documentation, 54.7); only what a client says first has no type byte. */
export function createFramer(side: 'client' | 'server'): (chunk: Buffer) => readonly Frame[] {
  let rest: Buffer = Buffer.alloc(0);
  let untyped = side === 'client';
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    const frames: Frame[] = [];
    for (;;) {
      const start = untyped ? 0 : 1;
      if (rest.length < start + 4) return frames;
      const length = start + rest.readInt32BE(start);
      if (rest.length < length) return frames;
      const raw = rest.subarray(0, length);
      frames.push({ type: raw.toString('latin1', 0, start), body: raw.subarray(start + 4), raw });
      rest = rest.subarray(length);
      untyped = false;
    }
  };
}

/** A statement on its way into the store, with the values of its parameters as text. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly (string | null)[];
}

/** Reads the statements that a connection sends, by the simple and the extended protocol. */
export function createReader(): (frame: Frame) => Statement | null {
  const prepared = new Map<string, string>();
  return ({ type, body }) => {
    if (type === 'Q') return { sql: textAt(body, 0).text, values: [] };
    if (type === 'P') {
      const name = textAt(body, 0);
      prepared.set(name.text, textAt(body, name.end).text);
      return null;
    }
    return type === 'B' ? bound(body, prepared) : null;
  };
}

function bound(body: Buffer, prepared: ReadonlyMap<string, string>): Statement {
  const portal = textAt(body, 0);
  const name = textAt(body, portal.end);
  let at = name.end + 2 + 2 * body.readInt16BE(name.end);
  const count = body.readInt16BE(at);
  at += 2;
  const values: (string | null)[] = [];
  for (let index = 0; index < count; index += 1) {
    const length = body.readInt32BE(at);
    at += 4;
    values.push(length < 0 ? null : body.toString('utf8', at, at + length));
    at += Math.max(0, length);
  }
  return { sql: prepared.get(name.text) ?? '', values };
}

function textAt(body: Buffer, start: number): { readonly text: string; readonly end: number } {
  const end = body.indexOf(0, start);
  return { text: body.toString('utf8', start, end), end: end + 1 };
}
