const href = /<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/gi;

/**
 * The files that a directory index links to, by name: nginx, Apache, IIS and their like all write plain anchors.
 * Only files in the folder itself count, wherever else the page may lead.
 */
export function filesIn(html: string, folder: string): readonly string[] {
  const names = [...html.matchAll(href)].flatMap(([, double, single, bare]) => {
    const link = (double ?? single ?? bare ?? '').replaceAll('&amp;', '&');
    const url = URL.canParse(link, folder) ? new URL(link, folder) : null;
    const name =
      url && `${url.origin}${url.pathname}`.startsWith(folder) ? url.href.slice(folder.length) : '';
    const file = decoded(name.replace(/[?#].*$/s, ''));
    return file === '' || file.includes('/') ? [] : [file];
  });
  return [...new Set(names)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not an address that a server would write: whatever it is, it names no package.
    return '';
  }
}
