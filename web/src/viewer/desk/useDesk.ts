import { useCallback, useState } from 'react';
import type { Links } from '@/lib/hanging/types';
import type { Drag } from '../lean/gestures';
import { countOf, DRAGS, type Grid, GRIDS, isMeasure, type Mode, ONE, type Tool } from './model';

/** What the left button, or one finger, does until a tool is taken: a finger goes through the images. */
const usualDrag = (): Drag => (matchMedia('(pointer: coarse)').matches ? 'scroll' : 'window');

function usualTool(mode: Mode): Tool {
  if (mode === 'planes') return 'crosshairs';
  return mode === 'body' ? 'rotate' : usualDrag();
}

const isDrag = (tool: Tool): tool is Drag => (DRAGS as readonly Tool[]).includes(tool);

/** What is on the desk: the tool in hand, how many panes there are, and which of the two viewers shows them. */
export function useDesk() {
  const [tool, setTool] = useState<Tool>(usualDrag);
  const [mode, setMode] = useState<Mode>('stack');
  const [grid, setGrid] = useState<Grid>(ONE);
  const [ownLinks, setOwnLinks] = useState<Links>({ scroll: true });
  const [stageLinks, setStageLinks] = useState<Links | null>(null);
  const [withFindings, setWithFindings] = useState(false);
  const [hasMeasured, setHasMeasured] = useState(false);
  const showMeasured = useCallback(() => setHasMeasured(true), []);
  const links = stageLinks ?? ownLinks;
  const isFull = hasMeasured || mode !== 'stack' || countOf(grid) > 1;

  function take(next: Tool): void {
    if (isMeasure(next)) setHasMeasured(true);
    setTool(next);
  }

  function go(next: Mode): void {
    const wanted = mode === next ? 'stack' : next;
    setMode(wanted);
    setTool(usualTool(wanted));
  }

  /** Hangs a grid, or planes; a stage says what its panes do together, else that stays as the reader wants it. */
  function hang(next: Grid, nextMode: Mode, nextLinks: Links | null = null): void {
    setGrid(next);
    setStageLinks(nextLinks);
    setMode(nextMode);
    setTool(usualTool(nextMode));
  }

  function nextGrid(): void {
    const at = GRIDS.findIndex((one) => one.rows === grid.rows && one.columns === grid.columns);
    setGrid(GRIDS[(at + 1) % GRIDS.length] ?? ONE);
    setStageLinks(null);
  }

  function toggleLink(what: keyof Links): void {
    const next = { ...links, [what]: !links[what] };
    if (stageLinks) setStageLinks(next);
    else setOwnLinks(next);
  }

  /** The list is of the full viewer, which stays once it was asked for. */
  function toggleFindings(): void {
    setHasMeasured(true);
    setWithFindings(!withFindings);
  }

  const usual = usualTool(mode);

  /** Puts the tool down first, then goes back to the images. */
  function leave(): void {
    if (tool !== usual) setTool(usual);
    else if (mode !== 'stack') go(mode);
  }

  return {
    tool,
    /** What dragging does where nothing but dragging can be done; null where that is the usual. */
    drag: tool !== usual && isDrag(tool) ? tool : null,
    take,
    mode,
    go,
    grid,
    setGrid,
    hang,
    nextGrid,
    /** What the panes do together. */
    links,
    toggleLink,
    withFindings,
    toggleFindings,
    isFull,
    /** Whether Escape has something to end here, before it leaves the page. */
    isAway: tool !== usual || mode !== 'stack',
    leave,
    /** Measurements that were saved before are to be seen: only the full viewer draws them. */
    showMeasured,
  };
}

export type DeskState = ReturnType<typeof useDesk>;
