/** An app registration of Microsoft Entra ID. Who reads `passwords` sees hints; the value is shown once, when it is made. */
export interface Application {
  readonly objectId: string;
  readonly appId: string;
  readonly displayName: string;
  spaRedirectUris: readonly string[];
  webRedirectUris: readonly string[];
  passwords: readonly ApplicationPassword[];
}

export interface ApplicationPassword {
  readonly keyId: string;
  readonly displayName: string | null;
  readonly startDateTime: string;
  readonly endDateTime: string;
  readonly value: string;
}
