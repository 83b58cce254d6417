/** Gives an element of the page as soon as it is there: the page's script may run before all of the page has come. */
export function arrived(id: string): Promise<HTMLElement> {
  return new Promise((done) => {
    const look = () => {
      const found = document.getElementById(id);
      if (!found) return false;
      done(found);
      return true;
    };
    if (look()) return;
    const watching = new MutationObserver(() => look() && watching.disconnect());
    watching.observe(document, { childList: true, subtree: true });
  });
}

function isWhole(): Promise<void> {
  if (document.readyState !== 'loading') return Promise.resolve();
  return new Promise((done) => document.addEventListener('DOMContentLoaded', () => done(), { once: true }));
}

/** Gives the frame that comes at the end of the page. */
export async function firstFrame(): Promise<Uint8Array<ArrayBuffer>> {
  await isWhole();
  const text = document.getElementById('first-frame')?.textContent;
  if (!text) throw new Error('the page came without its frame');
  return Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
}
