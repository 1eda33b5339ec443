/** A refusal as Key Vault's data plane words it; `inner` says more than the code where there is one. */
export class VaultError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly inner?: string,
  ) {
    super(message);
  }
}
