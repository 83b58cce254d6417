/** One line of a text beside what it was: the same, taken away, or come instead. */
export interface Change {
  kind: 'same' | 'gone' | 'come';
  line: string;
  /** The parts of it between field separators, and which of them differ from the line that it stands for. */
  parts: { text: string; isChanged: boolean }[];
}

const SEPARATOR_PLACE = 3;

/** How many lines two texts share from each place on. */
function sharedFrom(before: string[], after: string[]): number[][] {
  const shared = Array.from({ length: before.length + 1 }, () => Array<number>(after.length + 1).fill(0));
  const at = (row: number, column: number) => shared[row]?.[column] ?? 0;
  for (let row = before.length - 1; row >= 0; row -= 1) {
    for (let column = after.length - 1; column >= 0; column -= 1) {
      const isSame = before[row] === after[column];
      (shared[row] as number[])[column] = isSame ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  return shared;
}

/** How many lines two texts have in common, counted by a place in each for every step. */
function commonCount(old: string[], now: string[], most: number, place: (lines: string[], step: number) => string | undefined): number {
  let count = 0;
  while (count < most && place(old, count) === place(now, count)) count += 1;
  return count;
}

/** What was changed in the text of a message, segment by segment and field by field. */
export function changesOf(before: string, after: string): Change[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const mark = old[0]?.[SEPARATOR_PLACE] ?? '|';
  const shorter = Math.min(old.length, now.length);
  const head = commonCount(old, now, shorter, (lines, step) => lines[step]);
  const tail = commonCount(old, now, shorter - head, (lines, step) => lines[lines.length - 1 - step]);
  const within = (lines: string[]) => lines.slice(head, lines.length - tail);
  return [...old.slice(0, head).map(same), ...differences(within(old), within(now), mark), ...old.slice(old.length - tail).map(same)];
}

const same = (line: string): Change => ({ kind: 'same', line, parts: [{ text: line, isChanged: false }] });

/** What differs between the few lines that are left when beginning and end are the same: a table of all pairs is made. */
function differences(old: string[], now: string[], mark: string): Change[] {
  const shared = sharedFrom(old, now);
  const changes: Change[] = [];
  let [row, column] = [0, 0];
  let run: { gone: string[]; come: string[] } = { gone: [], come: [] };

  function endRun(): void {
    changes.push(...run.gone.map((line, n) => changed('gone', line, run.come[n], mark)));
    changes.push(...run.come.map((line, n) => changed('come', line, run.gone[n], mark)));
    run = { gone: [], come: [] };
  }

  while (row < old.length || column < now.length) {
    const [first, second] = [old[row], now[column]];
    if (first !== undefined && first === second) {
      endRun();
      changes.push(same(first));
      [row, column] = [row + 1, column + 1];
    } else if (second === undefined || (first !== undefined && (shared[row + 1]?.[column] ?? 0) >= (shared[row]?.[column + 1] ?? 0))) {
      run.gone.push(first ?? '');
      row += 1;
    } else {
      run.come.push(second);
      column += 1;
    }
  }
  endRun();
  return changes;
}

/** A line that is gone or has come, with the fields that differ from the other, if both are the same segment. */
function changed(kind: 'gone' | 'come', line: string, other: string | undefined, mark: string): Change {
  const fields = line.split(mark);
  const others = other?.split(mark);
  const isSameSegment = others !== undefined && others[0] === fields[0];
  const parts = fields.map((text, n) => ({
    text: n === 0 ? text : mark + text,
    isChanged: !isSameSegment || others[n] !== text,
  }));
  return { kind, line, parts };
}
