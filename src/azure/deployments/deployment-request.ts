import { z } from 'zod/v4';
import { resourceGroupRef, vaultRef } from '../refs';

/** A secure parameter: which secret Azure Resource Manager reads itself, so that its value passes through nobody. */
export const secureParameter = z.object({ vault: vaultRef, secret: z.string().min(1) });

/** A template and its parameters, as people approve them. */
export const deploymentRequest = z.object({
  group: resourceGroupRef,
  /** The deployment's own name in its group: the same for the same run. */
  name: z.string().regex(/^[-\w.()]{1,64}$/),
  template: z.union([
    z.object({
      /** Azure fetches it from here. */
      uri: z.url(),
      /** The SHA-256 of what stood there when the plan was made; null when the bot could not read it. */
      sha256: z.string().nullable(),
    }),
    /** The bot sends this file along. */
    z.object({ file: z.string().min(1), sha256: z.string() }),
  ]),
  parameters: z.record(z.string(), z.string()),
  secure: z.record(z.string(), secureParameter),
});
export type DeploymentRequest = z.infer<typeof deploymentRequest>;
