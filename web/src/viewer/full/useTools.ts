import { annotation as annotations, type Types } from '@cornerstonejs/tools';
import { useCallback, useLayoutEffect, useRef, useState } from 'react';
import { USUAL_MOUSE, usePreference } from '@/lib/api/preferences';
import { useWords } from '@/lib/i18n';
import type { Mode, Tool } from '../desk/model';
import { PLANES } from '../planes/slab';
import { BODY } from './BodyView';
import { ENGINE, renderingEngine } from './engine';
import type { Findings } from './Findings';
import { linesOf } from './lines';
import { annotationWith, uidOf } from './measuring';
import { type Around, bind, type Group, makeGroup } from './tools';

const GROUPS: Record<Mode, Group> = { stack: 'stacks', planes: 'planes', body: 'volume', enhance: 'stacks' };
const LINE_COLOURS: Record<string, string> = { axial: 'rgb(214, 138, 118)', coronal: 'rgb(122, 180, 219)', sagittal: 'rgb(150, 196, 140)' };

/** Asks for a few words; somebody answers by calling `done`. */
export interface Question {
  /** What stands there now. */
  now: string;
  done: (text: string) => void;
}

/** The tools of the panes that are on the desk, and the question that an arrow asks. */
export function useTools(mode: Mode, tool: Tool, isReady: boolean, findings: Findings) {
  const t = useWords();
  const mouse = usePreference('viewer.mouse') ?? USUAL_MOUSE;
  const [question, setQuestion] = useState<Question | null>(null);
  const group = useRef<Types.IToolGroup | null>(null);
  const words = useRef(t);
  useLayoutEffect(() => {
    words.current = t;
  });
  useLayoutEffect(() => {
    renderingEngine();
    const around: Around = {
      textOf: (data) => {
        const drawn = annotationWith(data);
        return drawn ? linesOf(words.current, findings.measuredOf(drawn)) : undefined;
      },
      askForText: (done, now) => setQuestion({ done, now }),
      lineColour: (viewportId) => LINE_COLOURS[viewportId] ?? 'rgb(200, 200, 200)',
    };
    group.current = makeGroup(GROUPS[mode], around);
  }, [mode, findings]);
  useLayoutEffect(() => {
    if (!group.current || !isReady) return;
    const viewports = mode === 'planes' ? PLANES : mode === 'body' ? [BODY] : [];
    for (const viewportId of viewports) group.current.addViewport(viewportId, ENGINE);
    bind(group.current, tool, mouse);
  }, [mode, tool, mouse, isReady]);
  const answer = (text: string) => {
    question?.done(text);
    setQuestion(null);
  };
  const add = useCallback((viewportId: string) => group.current?.addViewport(viewportId, ENGINE), []);
  return { group, add, question, answer };
}

/** Takes away what is selected; returns its names. */
export function selectedFindings(): string[] {
  const drawn = annotations.selection.getAnnotationsSelected().map((uid) => annotations.state.getAnnotation(uid));
  return drawn.flatMap((one) => (one ? [uidOf(one)] : []));
}
