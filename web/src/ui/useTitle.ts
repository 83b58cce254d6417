import { useEffect } from 'react';
import { useWords } from '@/lib/i18n';

/** Names the page in the browser's tab; never with the name of a patient, for tabs are seen by all. */
export function useTitle(title: string): void {
  const t = useWords();
  const brand = `${t('brand.latin')} ${t('brand.hanzi')}`;
  useEffect(() => {
    document.title = `${title} · ${brand}`;
  }, [title, brand]);
}
