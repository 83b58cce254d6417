import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { useWords } from '@/lib/i18n';
import { InlineNotice } from './InlineNotice';
import styles from './states.module.css';

interface Props {
  children: ReactNode;
  /** Shown where the part stood; it is given the way back. */
  fallback?: (error: Error, goOn: () => void) => ReactNode;
}

interface State {
  error: Error | null;
}

/** Holds what fails inside one part of a page, so that the others live; going on builds the part anew. */
export class Boundary extends Component<Props, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  private readonly goOn = (): void => this.setState({ error: null });

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return this.props.fallback ? this.props.fallback(error, this.goOn) : <PartFailed onGoOn={this.goOn} />;
  }
}

function PartFailed({ onGoOn }: { onGoOn: () => void }) {
  const t = useWords();
  return (
    <div className={styles.part}>
      <InlineNotice title={t('errorPage.part')} next={t('errorPage.partNext')} />
      <Button variant="default" size="sm" onClick={onGoOn}>
        {t('errorPage.goOn')}
      </Button>
    </div>
  );
}
