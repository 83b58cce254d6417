import type { Types } from '@cornerstonejs/tools';
import type { StudyAt } from '@/lib/api/studyAddress';
import { type Finding, type Findings, findingsOf } from './Findings';
import type { Measured } from './measuring';

/** What is measured in all the studies that hang beside each other; each keeps its own. */
export class JoinedFindings {
  readonly all: readonly Findings[];
  private lists: readonly (readonly Finding[])[] = [];
  private joined: readonly Finding[] = [];

  constructor(studies: readonly StudyAt[]) {
    this.all = studies.map(findingsOf);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    const ends = this.all.map((one) => one.subscribe(listener));
    return () => ends.forEach((end) => end());
  };

  /** The same list until something in it changes. */
  readonly list = (): readonly Finding[] => {
    const now = this.all.map((one) => one.list());
    if (now.some((list, at) => list !== this.lists[at])) [this.lists, this.joined] = [now, now.flat()];
    return this.joined;
  };

  readonly isChanged = (): boolean => this.changed().length > 0;
  readonly isReady = (): boolean => this.changed().every((one) => one.toSave() !== null);

  /** The studies in which something waits to be saved. */
  changed(): Findings[] {
    return this.all.filter((one) => one.isChanged);
  }

  measuredOf(drawn: Types.Annotation): Measured {
    const [first] = this.all;
    return (this.all.find((one) => one.isHere(drawn)) ?? (first as Findings)).measuredOf(drawn);
  }

  rename(uid: string, name: string): void {
    this.holder(uid)?.rename(uid, name);
  }

  remove(uid: string): (() => void) | null {
    return this.holder(uid)?.remove(uid) ?? null;
  }

  private holder(uid: string): Findings | undefined {
    return this.all.find((one) => one.list().some((finding) => finding.uid === uid));
  }
}
