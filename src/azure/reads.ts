/** Actions of Resource Manager that only read: their answers hold secrets or take long, so Azure made them a POST. */
const readingAction = /\/(list|listKeys|listSecrets|listAccountSas|validate|whatIf)$/i;

/** Whether a request reads and changes nothing, so that it may be sent again and leaves nothing open when it fails. */
export const isReading = ({ method, url }: { readonly method: string; readonly url: string }): boolean =>
  method === 'GET' || method === 'HEAD' || (method === 'POST' && readingAction.test(new URL(url).pathname));
