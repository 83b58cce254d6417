import { annotation as annotations, type Types } from '@cornerstonejs/tools';
import { useCallback, useLayoutEffect, useRef, useState } from 'react';
import { USUAL_MOUSE, usePreference } from '@/lib/api/preferences';
import { useWords } from '@/lib/i18n';
import type { Mode, Tool } from '../desk/model';
import { PLANES } from '../planes/slab';
import { keepToSeries } from './belonging';
import { BODY } from './BodyView';
import { ENGINE, renderingEngine } from './engine';
import type { JoinedFindings } from './JoinedFindings';
import { linesOf } from './lines';
import { annotationWith, uidOf } from './measuring';
import { type Around, bind, type Group, makeGroup, showReferenceLines } from './tools';

/** Panes of a stage hold images and planes, or bodies; each kind has its tools. */
const GROUPS: Record<Mode, readonly Group[]> = { stack: ['stacks', 'volume'], planes: ['planes'], body: ['volume'], enhance: ['stacks'] };
const LINE_COLOURS: Record<string, string> = { axial: 'rgb(214, 138, 118)', coronal: 'rgb(122, 180, 219)', sagittal: 'rgb(150, 196, 140)' };

/** Asks for a few words; somebody answers by calling `done`. */
export interface Question {
  /** What stands there now. */
  now: string;
  done: (text: string) => void;
}

/** The tools of the panes that are on the desk, and the question that an arrow asks. */
export function useTools(mode: Mode, tool: Tool, isReady: boolean, findings: JoinedFindings) {
  const t = useWords();
  const mouse = usePreference('viewer.mouse') ?? USUAL_MOUSE;
  const [question, setQuestion] = useState<Question | null>(null);
  const groups = useRef<ReadonlyMap<Group, Types.IToolGroup>>(new Map());
  const latest = useRef({ t, findings });
  useLayoutEffect(() => {
    latest.current = { t, findings };
  });
  useLayoutEffect(() => {
    renderingEngine();
    const around: Around = {
      textOf: (data) => {
        const drawn = annotationWith(data);
        return drawn ? linesOf(latest.current.t, latest.current.findings.measuredOf(drawn)) : undefined;
      },
      askForText: (done, now) => setQuestion({ done, now }),
      limit: keepToSeries,
      lineColour: (viewportId) => LINE_COLOURS[viewportId] ?? 'rgb(200, 200, 200)',
    };
    groups.current = new Map(GROUPS[mode].map((group) => [group, makeGroup(group, around)]));
  }, [mode]); // alone: panes that stay are in these groups already
  useLayoutEffect(() => {
    if (!isReady) return;
    const viewports = mode === 'planes' ? PLANES : mode === 'body' ? [BODY] : [];
    for (const group of groups.current.values()) {
      for (const viewportId of viewports) group.addViewport(viewportId, ENGINE);
      bind(group, tool, mouse);
    }
  }, [mode, tool, mouse, isReady]);
  const answer = (text: string) => {
    question?.done(text);
    setQuestion(null);
  };
  const add = useCallback((viewportId: string, group: Group) => groups.current.get(group)?.addViewport(viewportId, ENGINE), []);
  const showLines = useCallback((viewportId: string) => {
    const stacks = groups.current.get('stacks');
    if (stacks) showReferenceLines(stacks, viewportId);
  }, []);
  return { add, showLines, question, answer };
}

/** Takes away what is selected; returns its names. */
export function selectedFindings(): string[] {
  const drawn = annotations.selection.getAnnotationsSelected().map((uid) => annotations.state.getAnnotation(uid));
  return drawn.flatMap((one) => (one ? [uidOf(one)] : []));
}
