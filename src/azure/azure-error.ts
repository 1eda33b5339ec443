import { z } from 'zod/v4';

/** The error that a body carries, in Azure's own code and words. */
export interface AzureError {
  readonly code: string;
  readonly message: string;
}

const error = z
  .object({
    code: z.string().min(1),
    message: z.string().default(''),
    innererror: z
      .object({ code: z.string().min(1) })
      .nullish()
      .catch(null),
  })
  .transform(({ code, message, innererror }) => ({
    // Key Vault's outer code says no more than the HTTP status; its inner one says what is the matter.
    code: (code === 'Conflict' || code === 'Forbidden' ? innererror?.code : undefined) ?? code,
    message: oneLine(message),
  }));

/** Key Vault writes several lines; of a refusal by role the one with the missing action is the one that helps. */
function oneLine(message: string): string {
  const action = /\bAction: '([^']+)'/.exec(message)?.[1];
  const said = message.replace(/\s*[\r\n].*$/s, '');
  return action === undefined || said === message ? said : `${said} The missing action is ${action}.`;
}

/** Resource Manager, Graph and SQL wrap it; App Service also answers with capital letters. */
const errorBody = z.union([
  z.object({ error }).transform((body) => body.error),
  z.object({ properties: z.object({ error }) }).transform((body) => body.properties.error),
  z
    .object({ Code: z.string().min(1), Message: z.string().default('') })
    .transform((body) => ({ code: body.Code, message: body.Message })),
]);

/** The error in a response body; null when it has none. */
export function azureErrorIn(body: unknown): AzureError | null {
  const parsed = errorBody.safeParse(body);
  if (!parsed.success) return null;
  const inner = innerError.safeParse(body);
  const said = inner.success ? inner.data.error.details.map((one) => `${one.code}: ${one.message}`) : [];
  return { ...parsed.data, message: [parsed.data.message, ...said].join(' ') };
}

/** Of a template that is not valid, the reason is inside. */
const innerError = z.object({
  error: z.object({ details: z.array(z.object({ code: z.string(), message: z.string() })).min(1) }),
});

const operationState = z.object({
  status: z.string(),
  percentComplete: z.number().min(0).max(100).optional().catch(undefined),
});

/** The state of a long-running operation (Azure Resource Manager, "Track asynchronous operations"). */
export function stateIn(body: unknown): { readonly status: string; readonly percent: number | null } | null {
  const parsed = operationState.safeParse(body);
  if (!parsed.success) return null;
  const status = parsed.data.status.toLowerCase();
  return {
    status: status === 'cancelled' ? 'canceled' : status,
    percent: parsed.data.percentComplete ?? null,
  };
}
