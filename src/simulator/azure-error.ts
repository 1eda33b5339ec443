/** An error inside another one. */
export interface ErrorDetail {
  readonly code: string;
  readonly message: string;
  readonly details?: readonly ErrorDetail[];
}

/** A refusal as Azure words it; the ARM host turns it into `{"error":{"code","message"}}` with this status. */
export class AzureError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
    /** What went wrong inside, as Resource Manager nests it. */
    readonly details: readonly ErrorDetail[] = [],
  ) {
    super(message);
  }
}

/** Azure's error body, the same for ARM and its resource providers (ARM RPC, error response content). */
export function errorBody(
  code: string,
  message: string,
  details: readonly ErrorDetail[] = [],
): { error: ErrorDetail } {
  return { error: { code, message, ...(details.length > 0 ? { details } : {}) } };
}
