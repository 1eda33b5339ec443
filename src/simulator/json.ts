/** An object whose members are not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Tells an object from everything else JSON can hold. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path of member names, or undefined where the path ends early. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), value);
}

/** The text at a path, or undefined when something else (or nothing) is there. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

/** The finite number at a path, or undefined. */
export function numberAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}

/** The text members of the object at a path, or undefined when there is no object of only texts there. */
export function textsAt(value: unknown, ...path: readonly string[]): Record<string, string> | undefined {
  const found = at(value, ...path);
  if (!isObject(found)) {
    return undefined;
  }
  const texts: Record<string, string> = {};
  for (const [name, text] of Object.entries(found)) {
    if (typeof text !== 'string') {
      return undefined;
    }
    texts[name] = text;
  }
  return texts;
}

/** Parses JSON, giving undefined for text that is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
