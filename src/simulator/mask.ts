import { isObject } from './json';

const MASKED = '***';
const secretNames =
  /^(client_?secret|client_assertion|(access|id|refresh)_?token|assertion|password|administratorLoginPassword|storageKey|secretText|connectionString|accountKey|sasToken|apiClientSecret|sqlAdminPassword)$/i;
/** Addresses under which every value is a secret: app settings and connection strings, Key Vault secrets, storage keys. */
const secretValues = /\/config\/(appsettings|connectionstrings)(\/list)?(\?|$)/i;
const secretValueMembers = /\/(secrets|deletedsecrets)\/|\/listkeys(\?|$)/i;

/** A copy of a request's or answer's body with every secret replaced by `***`; a form is given back as an object. */
export function mask(url: string, body: unknown): unknown {
  if (typeof body === 'string') {
    return /^[\w.~%+-]+=/.test(body) ? maskMembers(url, Object.fromEntries(new URLSearchParams(body))) : body;
  }
  return maskMembers(url, body);
}

function maskMembers(url: string, value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => maskMembers(url, item));
  }
  if (!isObject(value)) {
    return value;
  }
  const masked: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) {
    if (
      secretNames.test(name) ||
      (name === 'value' && typeof inner === 'string' && secretValueMembers.test(url))
    ) {
      masked[name] = MASKED;
    } else if (name === 'properties' && isObject(inner) && secretValues.test(url)) {
      masked[name] = Object.fromEntries(Object.keys(inner).map((setting) => [setting, MASKED]));
    } else {
      masked[name] = maskMembers(url, inner);
    }
  }
  return masked;
}
