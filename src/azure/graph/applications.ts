/** An app registration of Microsoft Entra ID in words. */
export const applicationWords = (appId: string): string => `Entra application ${appId}`;

/** Its address in Microsoft Graph v1.0 by its appId, so that its object id need not be known. */
export const applicationAddress = (appId: string): string =>
  `https://graph.microsoft.com/v1.0/applications(appId='${appId}')`;
