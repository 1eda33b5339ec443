/** A refusal as Azure words it; the ARM host turns it into `{"error":{"code","message"}}` with this status. */
export class AzureError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** Azure's error body, the same for ARM and its resource providers (ARM RPC, error response content). */
export function errorBody(code: string, message: string): { error: { code: string; message: string } } {
  return { error: { code, message } };
}
