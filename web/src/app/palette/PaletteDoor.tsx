import { Kbd } from '@mantine/core';
import { IconCommand } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useWords } from '@/lib/i18n';
import { useIsShownToAll } from '@/lib/shownToAll';
import { useKeys } from '@/ui/useKeys';
import rail from '../shell/Rail.module.css';

const Palette = lazy(async () => ({ default: (await import('./Palette')).Palette }));
const AllKeys = lazy(async () => ({ default: (await import('./AllKeys')).AllKeys }));
const isMac = /Mac|iP(?:ad|hone)/.test(navigator.userAgent);

type Layer = 'palette' | 'keys' | null;

/** The button in the rail, and Ctrl+K (⌘K) anywhere, even while somebody types. */
export function PaletteDoor() {
  const t = useWords();
  const [layer, setLayer] = useState<Layer>(null);
  const isForAll = useIsShownToAll();
  useEffect(() => {
    if (isForAll) return undefined;
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      if (!document.querySelector('[inert]')) setLayer((open) => (open === 'palette' ? null : 'palette'));
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [isForAll]);
  useKeys(isForAll ? {} : { '?': () => setLayer('keys') }, 'last');
  const close = () => setLayer(null);
  return (
    <>
      <button type="button" className={rail.item} onClick={() => setLayer('palette')}>
        <IconCommand size={22} stroke={1.5} aria-hidden />
        {t('palette.short')}
        <Kbd className={rail.key ?? ''}>{isMac ? '⌘ K' : 'Ctrl K'}</Kbd>
      </button>
      <Suspense>
        {layer === 'palette' && <Palette onClose={close} onKeys={() => setLayer('keys')} />}
        {layer === 'keys' && <AllKeys onClose={close} />}
      </Suspense>
    </>
  );
}
