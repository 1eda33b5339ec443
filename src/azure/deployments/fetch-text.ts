import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';

/** How long a public file may take, in milliseconds. */
const deadlineMs = 8_000;

/** A public text file by HTTPS, through the same proxy as everything else. @throws Error when it cannot be had. */
export async function fetchText(url: string): Promise<string> {
  const pipeline = createPipelineFromOptions({
    retryOptions: { maxRetries: 1 },
    userAgentOptions: { userAgentPrefix: 'dr-bot' },
  });
  const headers = createHttpHeaders({ accept: 'application/json, text/plain' });
  const abortSignal = AbortSignal.timeout(deadlineMs);
  const request = createPipelineRequest({ url, headers, abortSignal });
  const { status, bodyAsText } = await pipeline.sendRequest(createDefaultHttpClient(), request);
  if (status !== 200 || !bodyAsText) throw new Error(`the answer was HTTP ${status}`);
  return bodyAsText;
}
