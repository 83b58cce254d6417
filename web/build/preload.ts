import type { HtmlTagDescriptor, Plugin } from 'vite';

function link(attrs: Record<string, string | boolean>): HtmlTagDescriptor {
  return { tag: 'link', attrs, injectTo: 'head' };
}

/** Has the page of the lean viewer fetch its decoder beside its script, instead of after it. */
export function preloadDecoder(): Plugin {
  return {
    name: 'lightwell-preload-decoder',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle = {}, filename }) {
        if (!filename.endsWith('view.html')) return [];
        const named = (pattern: RegExp) => Object.keys(bundle).find((name) => pattern.test(name));
        const worker = named(/decode\.worker.*\.js$/);
        const wasm = named(/openjph.*\.wasm$/);
        return [
          ...(worker ? [link({ rel: 'modulepreload', href: `/${worker}` })] : []),
          ...(wasm ? [link({ rel: 'preload', href: `/${wasm}`, as: 'fetch', crossorigin: true })] : []),
        ];
      },
    },
  };
}
