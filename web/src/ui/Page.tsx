import type { ReactNode } from 'react';
import { type KeyPart, KeysHelp } from './KeysHelp';
import { useTitle } from './useTitle';
import styles from './Page.module.css';

interface Props {
  title: string;
  /** What can be done here, at the right of the title. */
  acts?: ReactNode;
  /** Its keys, for the sheet that `?` shows. */
  keys?: KeyPart[];
  children: ReactNode;
}

/** A page without pictures: its name, what can be done, and room that scrolls. */
export function Page({ title, acts, keys, children }: Props) {
  useTitle(title);
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>{title}</h1>
        {acts && <div className={styles.acts}>{acts}</div>}
      </header>
      <div className={styles.body}>{children}</div>
      {keys && <KeysHelp parts={keys} />}
    </div>
  );
}
