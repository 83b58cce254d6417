import { IconPhotoOff } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import styles from './SeriesList.module.css';

/** A small picture; what has none keeps its place, with a sign of what it is if that is known. */
export function Thumbnail({ path, sign }: { path: string; sign?: ReactNode }) {
  const [isMissing, setIsMissing] = useState(false);
  return (
    <span className={styles.thumbnail}>
      {isMissing ? (
        (sign ?? <IconPhotoOff size={20} stroke={1.25} aria-hidden />)
      ) : (
        <img src={path} alt="" loading="lazy" decoding="async" onError={() => setIsMissing(true)} />
      )}
    </span>
  );
}
