import { Button, Checkbox } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { Pane, PaneView, Stage } from '@/lib/hanging/types';
import { useWords } from '@/lib/i18n';
import { moved, replaced, without } from '../lists';
import { boxOf, hasRoom, having } from './edits';
import { Choice, Count } from './fields';
import styles from './Hanging.module.css';
import { PickForm } from './PickForm';
import { WindowField } from './WindowField';

const VIEWS: PaneView[] = ['stack', 'axial', 'coronal', 'sagittal', 'volume', 'mip'];
const MOST_PRIORS = 9;
const MOST_PICKS = 10;

interface Props {
  stage: Stage;
  place: number;
  pane: Pane;
  isOff: boolean;
  onChange: (pane: Pane) => void;
  onRemove: () => void;
}

/** What hangs in one pane, and how. */
export function PaneForm({ stage, place, pane, isOff, onChange, onRemove }: Props) {
  const t = useWords();
  const box = boxOf(pane);
  const span = (key: 'rowSpan' | 'columnSpan', count: number) => {
    if (hasRoom(stage, { ...box, [key]: count }, place)) onChange(having(pane, key, count > 1 ? count : undefined));
  };
  return (
    <section className={styles.part} aria-labelledby="hanging-pane">
      <h3 id="hanging-pane">{t('hanging.pane.title', { row: pane.row + 1, column: pane.column + 1 })}</h3>
      <div className={styles.fields}>
        <Choice label={t('hanging.pane.view')} options={VIEWS.map((value) => ({ value, label: t(`hanging.view.${value}`) }))} value={pane.view} isOff={isOff} onChange={(view) => view && onChange({ ...pane, view })} />
        <WindowField pane={pane} isOff={isOff} onChange={onChange} />
        <Count label={t('hanging.pane.prior')} value={pane.prior ?? 0} min={0} max={MOST_PRIORS} isOff={isOff} onChange={(count) => onChange(having(pane, 'prior', count || undefined))} />
        <Count label={t('hanging.pane.rowSpan')} value={box.rowSpan} min={1} max={stage.rows - pane.row} isOff={isOff} onChange={(count) => span('rowSpan', count)} />
        <Count label={t('hanging.pane.columnSpan')} value={box.columnSpan} min={1} max={stage.columns - pane.column} isOff={isOff} onChange={(count) => span('columnSpan', count)} />
      </div>
      <Checkbox label={t('hanging.pane.again')} checked={pane.again ?? false} disabled={isOff} onChange={(event) => onChange(having(pane, 'again', event.currentTarget.checked || undefined))} />
      <p className={styles.quiet}>{t('hanging.pick.line')}</p>
      {pane.picks.map((pick, at) => (
        <PickForm
          key={`${at} ${pane.picks.length}`}
          pick={pick}
          number={at + 1}
          isLast={at === pane.picks.length - 1}
          isOnly={pane.picks.length === 1}
          isOff={isOff}
          onChange={(changed) => onChange({ ...pane, picks: replaced(pane.picks, at, changed) })}
          onMove={(by) => onChange({ ...pane, picks: moved(pane.picks, at, by) })}
          onRemove={() => onChange({ ...pane, picks: without(pane.picks, at) })}
        />
      ))}
      {!isOff && (
        <div className={styles.acts}>
          <Button variant="default" size="sm" leftSection={<IconPlus size={16} stroke={1.5} aria-hidden />} disabled={pane.picks.length >= MOST_PICKS} onClick={() => onChange({ ...pane, picks: [...pane.picks, {}] })}>
            {t('hanging.pick.add')}
          </Button>
          <Button variant="subtle" size="sm" leftSection={<IconX size={16} stroke={1.5} aria-hidden />} disabled={stage.panes.length === 1} onClick={onRemove}>
            {t('hanging.pane.remove')}
          </Button>
        </div>
      )}
    </section>
  );
}
