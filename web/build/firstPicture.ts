import type { HtmlTagDescriptor, Plugin } from 'vite';

const STYLESHEET = /\s*<link rel="stylesheet"[^>]*href="\/(assets\/[^"]+\.css)">/;

function link(attrs: Record<string, string | boolean>): HtmlTagDescriptor {
  return { tag: 'link', attrs, injectTo: 'head' };
}

/**
 * Has the page of the lean viewer seen with its first answer: its styles stand in it, since a browser draws nothing
 * before them, and its decoder is fetched beside its script instead of after it.
 */
export function firstPicture(): Plugin {
  return {
    name: 'lightwell-first-picture',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {}, filename }) {
        if (!filename.endsWith('view.html')) return html;
        const named = (pattern: RegExp) => Object.keys(bundle).find((name) => pattern.test(name));
        const worker = named(/decode\.worker.*\.js$/);
        const wasm = named(/openjph.*\.wasm$/);
        const styled = html.replace(STYLESHEET, (_, name: string) => {
          const sheet = bundle[name];
          return sheet?.type === 'asset' ? `<style>${String(sheet.source).trim()}</style>` : '';
        });
        return {
          html: styled,
          tags: [
            ...(worker ? [link({ rel: 'modulepreload', href: `/${worker}` })] : []),
            ...(wasm ? [link({ rel: 'preload', href: `/${wasm}`, as: 'fetch', crossorigin: true })] : []),
          ],
        };
      },
    },
  };
}
