import { IconPhotoOff } from '@tabler/icons-react';
import { useState } from 'react';
import styles from './SeriesList.module.css';

/** A small picture; what has none keeps its place. */
export function Thumbnail({ path }: { path: string }) {
  const [isMissing, setIsMissing] = useState(false);
  return (
    <span className={styles.thumbnail}>
      {isMissing ? (
        <IconPhotoOff size={20} stroke={1.25} aria-hidden />
      ) : (
        <img src={path} alt="" loading="lazy" decoding="async" onError={() => setIsMissing(true)} />
      )}
    </span>
  );
}
