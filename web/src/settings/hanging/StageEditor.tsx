import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import { layOut } from '@/lib/hanging';
import type { Stage } from '@/lib/hanging/types';
import { useWords } from '@/lib/i18n';
import { useKeys } from '@/ui/useKeys';
import { replaced, without } from '../lists';
import { having, MOST_COLUMNS, MOST_ROWS, newPane, regridded } from './edits';
import { type Example, EXAMPLES, exampleOf, priorOf } from './examples';
import { Choice, Count } from './fields';
import styles from './Hanging.module.css';
import { HANGING_KEYS } from './keys';
import { NameFields } from './NameFields';
import { PaneForm } from './PaneForm';
import { StageGrid } from './StageGrid';

const LINKS = ['scroll', 'window', 'zoom'] as const;

/** What a protocol is tried on. */
export interface Tried {
  example: Example;
  hasPrior: boolean;
}

interface Props {
  stage: Stage;
  tried: Tried;
  isOff: boolean;
  onTry: (tried: Tried) => void;
  onChange: (stage: Stage) => void;
}

/** One stage: its grid drawn with an example in it, and what hangs in the pane that is chosen. */
export function StageEditor({ stage, tried, isOff, onTry, onChange }: Props) {
  const t = useWords();
  const [current, setCurrent] = useState(0);
  const { example, hasPrior } = tried;
  const hung = layOut(stage, exampleOf(example), hasPrior ? [priorOf(example)] : []);
  const place = Math.min(current, stage.panes.length - 1);
  const pane = stage.panes[place];
  const regrid = (rows: number, columns: number) => {
    const next = regridded(stage, rows, columns);
    if (next.panes.length) onChange(next);
  };
  useKeys({ [HANGING_KEYS.pane]: () => setCurrent((place + 1) % stage.panes.length) });
  return (
    <>
      <div className={styles.fields}>
        <NameFields name={stage.name} isOff={isOff} onChange={(name) => onChange({ ...stage, name })} />
        <Count label={t('hanging.rows')} value={stage.rows} min={1} max={MOST_ROWS} isOff={isOff} onChange={(rows) => regrid(rows, stage.columns)} />
        <Count label={t('hanging.columns')} value={stage.columns} min={1} max={MOST_COLUMNS} isOff={isOff} onChange={(columns) => regrid(stage.rows, columns)} />
      </div>
      <div className={styles.links} role="group" aria-label={t('hanging.links.title')}>
        <span className={styles.label}>{t('hanging.links.title')}</span>
        {LINKS.map((link) => (
          <Checkbox key={link} label={t(`hanging.links.${link}`)} checked={stage.links[link] ?? false} disabled={isOff} onChange={(event) => onChange({ ...stage, links: having(stage.links, link, event.currentTarget.checked || undefined) })} />
        ))}
      </div>
      <div className={styles.example}>
        <Choice label={t('hanging.example.title')} options={EXAMPLES.map((value) => ({ value, label: t(`hanging.example.${value}`) }))} value={example} isOff={false} onChange={(chosen) => chosen && onTry({ ...tried, example: chosen })} />
        <Checkbox label={t('hanging.example.prior')} checked={hasPrior} onChange={(event) => onTry({ ...tried, hasPrior: event.currentTarget.checked })} />
      </div>
      <div className={styles.board}>
        <StageGrid
          stage={stage}
          hung={hung}
          current={place}
          isOff={isOff}
          onCurrent={setCurrent}
          onDraw={(box) => {
            onChange({ ...stage, panes: [...stage.panes, newPane(box)] });
            setCurrent(stage.panes.length);
          }}
        />
        {pane && (
          <PaneForm
            key={place}
            stage={stage}
            place={place}
            pane={pane}
            isOff={isOff}
            onChange={(changed) => onChange({ ...stage, panes: replaced(stage.panes, place, changed) })}
            onRemove={() => onChange({ ...stage, panes: without(stage.panes, place) })}
          />
        )}
      </div>
    </>
  );
}
