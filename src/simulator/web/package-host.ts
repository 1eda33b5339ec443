import type { HostAnswer, HostHandler } from '../host';
import { channelPath, fileOf, PACKAGE_HOST, type Release, releases } from './releases';

const channels = ['latest', 'preview'];

/**
 * The publisher's package host: an ordinary web server, not Azure. A channel's folder answers with a directory index,
 * a release with its file. The index can be behind: it still shows a release whose file was withdrawn.
 */
export function packageHost(): HostHandler {
  return ({ method, path }) => {
    if (method !== 'GET' && method !== 'HEAD') {
      return { ...page(405, 'Not Allowed'), headers: { allow: 'GET, HEAD' } };
    }
    const channel = channels.find((one) => channelPath(one) === path);
    const answer = channel === undefined ? file(path) : page(200, `Index of ${path}`, index(path, channel));
    return method === 'HEAD' ? headOf(answer) : answer;
  };
}

function file(path: string): HostAnswer {
  const release = releases.find(
    (one) => one.withdrawn === undefined && channelPath(one.channel) + fileOf(one) === path,
  );
  if (release === undefined) {
    return page(404, 'Not Found');
  }
  return {
    status: 200,
    headers: {
      'content-type': 'application/zip',
      'last-modified': new Date(release.published).toUTCString(),
      etag: `"${release.version}"`,
      // Custom metadata of the file, as a blob has it: which database schema the release works on.
      'x-ms-meta-schema': String(release.schema),
    },
    body: archive(release),
  };
}

/** A valid archive without files, whose comment says which release it stands for. */
function archive({ version }: Release): string {
  const comment = `AppRequestPortal ${version}`;
  return `PK\u0005\u0006${'\0'.repeat(16)}${String.fromCharCode(comment.length)}\0${comment}`;
}

function index(path: string, channel: string): string {
  const lines = releases
    .filter((release) => release.channel === channel)
    .map(
      (release) => `<a href="${fileOf(release)}">${fileOf(release)}</a>  ${release.published.slice(0, 16)}`,
    );
  return `<h1>Index of ${path}</h1><hr><pre><a href="../">../</a>\n${lines.join('\n')}\n</pre><hr>`;
}

const page = (status: number, title: string, body = `<h1>${status} ${title}</h1>`): HostAnswer => ({
  status,
  headers: { server: PACKAGE_HOST },
  body: `<!DOCTYPE html><html><head><title>${title}</title></head><body>${body}</body></html>`,
});

/** The same headers, and the length that the body would have. */
const headOf = ({ status, headers, body }: HostAnswer): HostAnswer => ({
  status,
  headers: { ...headers, 'content-length': String(Buffer.byteLength(String(body))) },
});
