import { type CSSProperties, useState } from 'react';
import type { HungPane } from '@/lib/hanging';
import type { Stage } from '@/lib/hanging/types';
import { useWords } from '@/lib/i18n';
import { saidKeys } from '@/ui/hotkey';
import { usualName } from '../presets';
import { type Box, boxBetween, boxOf, type Cell, emptyCells, hasRoom } from './edits';
import styles from './Hanging.module.css';
import { HANGING_KEYS } from './keys';

interface Props {
  stage: Stage;
  /** What of the example hangs in each pane. */
  hung: HungPane[];
  current: number;
  isOff: boolean;
  onCurrent: (pane: number) => void;
  onDraw: (box: Box) => void;
}

const areaOf = ({ row, column, rowSpan, columnSpan }: Box): CSSProperties => ({
  gridRow: `${row + 1} / span ${rowSpan}`,
  gridColumn: `${column + 1} / span ${columnSpan}`,
});

/** The grid as it will hang: panes with what they show of the example; dragging over free cells draws a pane. */
export function StageGrid({ stage, hung, current, isOff, onCurrent, onDraw }: Props) {
  const t = useWords();
  const [from, setFrom] = useState<Cell | null>(null);
  const [to, setTo] = useState<Cell | null>(null);
  const drawn = from && to ? boxBetween(from, to) : null;
  const isFree = drawn !== null && hasRoom(stage, drawn);

  function finish(cell: Cell): void {
    const box = boxBetween(from ?? cell, cell);
    if (hasRoom(stage, box)) onDraw(box);
    setFrom(null);
    setTo(null);
  }

  return (
    <div
      className={styles.grid}
      style={{ gridTemplateRows: `repeat(${stage.rows}, 1fr)`, gridTemplateColumns: `repeat(${stage.columns}, 1fr)` }}
      onPointerLeave={() => {
        setFrom(null);
        setTo(null);
      }}
    >
      {!isOff &&
        emptyCells(stage).map((cell) => (
          <button
            key={`${cell.row} ${cell.column}`}
            type="button"
            className={styles.cell}
            style={areaOf({ ...cell, rowSpan: 1, columnSpan: 1 })}
            aria-label={t('hanging.draw', { row: cell.row + 1, column: cell.column + 1 })}
            onPointerDown={(event) => {
              event.currentTarget.releasePointerCapture(event.pointerId);
              setFrom(cell);
              setTo(cell);
            }}
            onPointerEnter={() => from && setTo(cell)}
            onPointerUp={() => finish(cell)}
            onKeyDown={(event) => event.key === 'Enter' && finish(cell)}
          >
            +
          </button>
        ))}
      {hung.map((one, place) => (
        <button
          key={`${one.pane.row} ${one.pane.column}`}
          type="button"
          className={styles.pane}
          style={areaOf(boxOf(one.pane))}
          aria-pressed={place === current}
          {...saidKeys(HANGING_KEYS.pane)}
          onClick={() => onCurrent(place)}
        >
          <Shown hung={one} />
        </button>
      ))}
      {drawn && <span className={styles.drawn} style={areaOf(drawn)} data-free={isFree} />}
    </div>
  );
}

function Shown({ hung }: { hung: HungPane }) {
  const t = useWords();
  const { pane, series, emptiness } = hung;
  return (
    <>
      <strong>{series?.description ?? (emptiness && t(`hanging.empty.${emptiness}`))}</strong>
      <span>
        {t(`hanging.view.${pane.view}`)}
        {typeof pane.window === 'string' && ` · ${usualName(t, pane.window)}`}
        {Boolean(pane.prior) && ` · ${t('hanging.priorNumber', { number: pane.prior })}`}
      </span>
    </>
  );
}
