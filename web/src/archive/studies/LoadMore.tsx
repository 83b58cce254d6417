import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useWords } from '@/lib/i18n';
import styles from './LoadMore.module.css';

const AHEAD = '400px';

interface Props {
  isLoading: boolean;
  /** After a failed read only the button reads on. */
  isByHand: boolean;
  onMore: () => void;
}

/** Reads on as the end of the list comes near; the button does the same by hand. */
export function LoadMore({ isLoading, isByHand, onMore }: Props) {
  const t = useWords();
  const end = useRef<HTMLDivElement>(null);
  const latest = useRef(onMore);
  useEffect(() => {
    latest.current = onMore;
  });
  useEffect(() => {
    const element = end.current;
    if (!element || isByHand || isLoading) return undefined;
    const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting && latest.current(), { rootMargin: AHEAD });
    watch.observe(element);
    return () => watch.disconnect();
  }, [isLoading, isByHand]);
  return (
    <div ref={end} className={styles.more}>
      <Button variant="subtle" size="xs" onClick={onMore} disabled={isLoading}>
        {isLoading ? t('studies.loadingMore') : t('studies.more')}
      </Button>
    </div>
  );
}
