import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import styles from './DataTable.module.css';

export interface Column<Row> {
  key: string;
  title: string;
  /** CSS width; a column without one shares what is left. */
  width?: string;
  isNumber?: boolean;
  isQuiet?: boolean;
  /** Which way the rows are in order by this column, if they can be; a press on its title turns them round. */
  order?: { is: 'ascending' | 'descending'; hint: string; onTurn: () => void };
  render: (row: Row) => ReactNode;
}

interface Props<Row> {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  current: string | null;
  onCurrent: (key: string) => void;
  onOpen: (row: Row) => void;
  children?: ReactNode;
}

const rowId = (key: string) => `row-${key}`;

/** Brings the current row into sight without moving the others more than needed. */
function useInSight(current: string | null): void {
  useEffect(() => {
    if (current) document.getElementById(rowId(current))?.scrollIntoView({ block: 'nearest' });
  }, [current]);
}

/** A dense table of 32 px rows with one current row; the keys are the page's. */
export function DataTable<Row>(props: Props<Row>) {
  const { label, columns, rows, rowKey, current, onCurrent, onOpen, children } = props;
  const frame = useRef<HTMLDivElement>(null);
  useInSight(current);
  return (
    <div className={styles.frame} ref={frame}>
      <table
        className={styles.table}
        role="grid"
        aria-label={label}
        aria-activedescendant={current ? rowId(current) : undefined}
        tabIndex={0}
      >
        <Columns columns={columns} />
        <tbody>
          {rows.map((row) => {
            const key = rowKey(row);
            return (
              <tr
                key={key}
                id={rowId(key)}
                className={styles.row}
                aria-selected={key === current}
                onClick={() => onCurrent(key)}
                onDoubleClick={() => onOpen(row)}
              >
                {columns.map((column) => (
                  <td key={column.key} className={cellClass(column)}>
                    {column.render(row)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      {children}
    </div>
  );
}

function Columns<Row>({ columns }: { columns: Column<Row>[] }) {
  return (
    <>
      <colgroup>
        {columns.map((column) => (
          <col key={column.key} style={{ width: column.width }} />
        ))}
      </colgroup>
      <thead>
        <tr>
          {columns.map((column) => (
            <th
              key={column.key}
              scope="col"
              className={column.isNumber ? styles.number : undefined}
              {...(column.order && { 'aria-sort': column.order.is })}
            >
              {column.order ? <Order title={column.title} order={column.order} /> : column.title}
            </th>
          ))}
        </tr>
      </thead>
    </>
  );
}

function Order({ title, order }: { title: string; order: NonNullable<Column<unknown>['order']> }) {
  const Sign = order.is === 'ascending' ? IconArrowUp : IconArrowDown;
  return (
    <button type="button" className={styles.order} title={order.hint} onClick={order.onTurn}>
      {title}
      <Sign size={14} stroke={1.5} aria-hidden />
    </button>
  );
}

function cellClass<Row>(column: Column<Row>): string {
  return [column.isNumber && styles.number, column.isQuiet && styles.quiet].filter(Boolean).join(' ');
}
