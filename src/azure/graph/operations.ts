import { z } from 'zod/v4';

/** One redirect URI of an Entra application, named by its appId. */
const redirectUri = {
  application: z.string().min(1),
  /** `spa`: pages in a browser. `web`: apps that have a secret. */
  platform: z.enum(['spa', 'web']),
  uri: z.url(),
};

/** The changes that can be made to Entra applications. */
export const graphOperations = [
  /** `PATCH /applications/{id}` with the list that is there and one URI more: a list that is given replaces the old. */
  z.object({ op: z.literal('entra.add-redirect-uri'), ...redirectUri }),
  /** The same with one URI less. */
  z.object({ op: z.literal('entra.remove-redirect-uri'), ...redirectUri }),
] as const;
